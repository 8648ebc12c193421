// What packages install beside the program: the completions, driven in a real bash, and the manual
// page. Both are held against what the program's own help says.
#include "support/child_process.hpp"
#include "support/server_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace mentat_sync {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using ::testing::UnorderedElementsAreArray;
using Words = std::vector<std::string>;

std::string printed(Words arguments) {
  const auto finished = run_to_end({.command = program_command(std::move(arguments)),
                                    .environment = {},
                                    .working_directory = {}});
  EXPECT_EQ(finished.status.code, 0) << finished.err;
  return finished.out;
}

Words lines_of(const std::string& text) {
  Words lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

/// All parts of `text` that the pattern's first group matches.
std::set<std::string> all_matches(const std::string& text, const std::string& pattern) {
  const std::regex regex{pattern, std::regex::ECMAScript | std::regex::multiline};
  std::set<std::string> found;
  for (std::sregex_iterator match{text.begin(), text.end(), regex}, end; match != end; ++match) {
    found.insert((*match)[1]);
  }
  return found;
}

/// "token add" as the words that it is, and others behind them.
Words words_of(const std::string& command, const Words& others = {}) {
  Words words;
  std::istringstream stream{command};
  for (std::string word; stream >> word;) words.push_back(word);
  words.insert(words.end(), others.begin(), others.end());
  return words;
}

/// The commands within `command` that its help lists; of none: the program's.
std::set<std::string> listed_in(const std::string& command) {
  const auto help = printed(words_of(command, {"--help"}));
  const auto start = help.find("Subcommands:");
  if (start == help.npos) return {};
  return all_matches(help.substr(start), "^  ([a-z]+)");
}

/// Those that the help lists, and those that it does not.
std::set<std::string> first_commands() {
  auto names = listed_in("");
  names.insert({"completion", "man"});
  return names;
}

/// And those within them: "token add".
std::set<std::string> commands() {
  const auto first = first_commands();
  auto all = first;
  for (const auto& command : first) {
    for (const auto& inner : listed_in(command)) all.insert(command + " " + inner);
  }
  return all;
}

std::set<std::string> flags_of(const std::string& command) {
  return all_matches(printed(words_of(command, {"--help"})), "^  (?:-[a-z],)?(--[a-z][a-z-]*)");
}

/// What bash offers for the last of the words, in `directory`.
Words offered(const Words& words, const std::filesystem::path& directory = {}) {
  constexpr auto script =
      "eval \"$(\"$0\" completion bash)\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); "
      "_mentat_sync; printf '%s\\n' \"${COMPREPLY[@]}\"";
  Words command{"/usr/bin/env", "bash", "--norc", "-c", script, MENTAT_SYNC_PROGRAM, "mentat-sync"};
  command.insert(command.end(), words.begin(), words.end());
  const auto finished =
      run_to_end({.command = command, .environment = {}, .working_directory = directory});
  EXPECT_EQ(finished.status.code, 0);
  EXPECT_EQ(finished.err, "");
  return lines_of(finished.out);
}

bool is_installed(const std::string& program) {
  return run_to_end({.command = {"/bin/sh", "-c", "command -v " + program},
                     .environment = {},
                     .working_directory = {}})
             .status.code == 0;
}

TEST(BashCompletion, OffersEveryCommand) {
  EXPECT_THAT(offered({""}), UnorderedElementsAreArray(first_commands()));
  EXPECT_THAT(offered({"ser"}), ElementsAre("serve"));
  EXPECT_THAT(offered({"token", ""}), UnorderedElementsAreArray(listed_in("token")));
}

TEST(BashCompletion, OffersEveryFlagOfEveryCommand) {
  for (const auto& command : commands()) {
    EXPECT_THAT(offered(words_of(command, {"-"})), IsSupersetOf(flags_of(command))) << command;
  }
  EXPECT_THAT(offered({"serve", "--max-chunk"}), ElementsAre("--max-chunk-bytes"));
}

TEST(BashCompletion, OffersTheChoicesOfAnOption) {
  EXPECT_THAT(offered({"serve", "--chunk-ids", ""}), ElementsAre("any", "sha256"));
  EXPECT_THAT(offered({"serve", "--log-level", "w"}), ElementsAre("warning"));
  EXPECT_THAT(offered({"completion", ""}), UnorderedElementsAre("bash", "zsh", "fish"));
}

TEST(BashCompletion, KnowsAnOptionWithAnEqualsSign) {
  EXPECT_THAT(offered({"serve", "--chunk-ids", "=", "s"}), ElementsAre("sha256"));
  EXPECT_THAT(offered({"serve", "--chunk-ids", "="}), ElementsAre("any", "sha256"));
}

TEST(BashCompletion, OffersFilesAndDirectories) {
  const TemporaryDirectory place;
  std::ofstream{place.path() / "with a blank"};
  std::filesystem::create_directory(place.path() / "within");
  EXPECT_THAT(offered({"serve", "--config", "wi"}, place.path()),
              UnorderedElementsAre("with a blank", "within"));
  for (const std::string command : {"import", "backup", "restore"}) {
    EXPECT_THAT(offered({command, "with "}, place.path()), ElementsAre("with a blank")) << command;
  }
  EXPECT_THAT(offered({"serve", "--data", "wi"}, place.path()), ElementsAre("within"));
  EXPECT_THAT(offered({"push", "within", "with"}, place.path()),
              UnorderedElementsAre("with a blank", "within"));
}

TEST(BashCompletion, TakesNoValueForACommandOrAnArgument) {
  EXPECT_THAT(offered({"export", "--server", "http", ":", "//here", ":", "1", "--qu"}),
              ElementsAre("--quiet"));
  EXPECT_THAT(offered({"serve", "--data", "push", "--chunk"}), Contains("--chunk-ids"));
  EXPECT_THAT(offered({"serve", "--listen", ""}), IsEmpty());
}

TEST(Completion, IsReadByItsShells) {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    if (!is_installed(shell)) continue;
    const auto checked =
        run_to_end({.command = {"/bin/sh", "-c",
                                "\"$0\" completion " + shell + " | " + shell + " -n /dev/stdin",
                                MENTAT_SYNC_PROGRAM},
                    .environment = {},
                    .working_directory = {}});
    EXPECT_EQ(checked.status.code, 0) << shell;
    EXPECT_EQ(checked.err, "") << shell;
  }
}

TEST(Completion, OfEveryShellNamesEveryFlag) {
  for (const std::string shell : {"zsh", "fish"}) {
    const auto script = printed({"completion", shell});
    for (const auto& command : commands()) {
      EXPECT_THAT(script, HasSubstr(words_of(command).back())) << shell;
      for (const auto& flag : flags_of(command)) {
        EXPECT_THAT(script, HasSubstr(shell == "fish" ? " -l " + flag.substr(2) : flag)) << shell;
      }
    }
  }
}

TEST(Completion, RefusesAnUnknownShell) {
  const auto finished = run_to_end({.command = program_command({"completion", "tcsh"}),
                                    .environment = {},
                                    .working_directory = {}});
  EXPECT_EQ(finished.status.code, 2);
  EXPECT_THAT(finished.err, HasSubstr("'tcsh' is none of bash, zsh, fish"));
}

/// A section's text, as written.
std::string section(const std::string& page, const std::string& heading) {
  const auto start = page.find(heading + "\n");
  EXPECT_NE(start, page.npos) << heading;
  if (start == page.npos) return {};
  const auto end = page.find("\n.S", start + 1);
  return page.substr(start, end - start);
}

std::string escaped(std::string text) {
  return std::regex_replace(text, std::regex{"-"}, "\\-");
}

TEST(ManualPage, HasItsSections) {
  const auto page = printed({"man"});
  for (const std::string name :
       {"NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "ENVIRONMENT", "FILES", "SIGNALS",
        "EXIT STATUS", "EXAMPLES", "SEE ALSO"}) {
    EXPECT_THAT(page, HasSubstr("\n.SH " + name + "\n"));
  }
}

TEST(ManualPage, SaysEveryOptionOfEveryCommandWhereItsCommandIs) {
  const auto page = printed({"man"});
  for (const auto& command : commands()) {
    const auto text = section(page, ".SS mentat\\-sync " + command);
    for (const auto& flag : flags_of(command)) {
      EXPECT_THAT(text, HasSubstr("\\fB" + escaped(flag) + "\\fR")) << command;
    }
  }
}

TEST(ManualPage, SaysEveryVariableThatTheHelpSays) {
  const auto variables = section(printed({"man"}), ".SH ENVIRONMENT");
  for (const auto& command : commands()) {
    for (const auto& name :
         all_matches(printed(words_of(command, {"--help"})), "(MENTAT_SYNC_[A-Z_]+)")) {
      EXPECT_THAT(variables, HasSubstr("\\fB" + name + "\\fR\n")) << command;
    }
  }
}

Finished run(Words command) {
  return run_to_end({.command = std::move(command), .environment = {}, .working_directory = {}});
}

TEST(ManualPage, SaysWhichCommandsReadAVariable) {
  const auto variables = section(printed({"man"}), ".SH ENVIRONMENT");
  EXPECT_THAT(variables, HasSubstr("\n\\fB\\-\\-listen\\fR of serve.\n"));
  EXPECT_THAT(variables, HasSubstr("\\fB\\-\\-token\\-file\\fR of serve, token add,"));
}

TEST(ManualPage, IsTakenByItsFormattersWithoutAWarning) {
  const TemporaryDirectory place;
  const auto page = (place.path() / "mentat-sync.1").string();
  std::ofstream{page} << printed({"man"});
  if (!is_installed("groff") && !is_installed("mandoc")) GTEST_SKIP() << "neither is here";
  if (is_installed("groff")) {
    const auto finished = run({"/usr/bin/env", "groff", "-man", "-ww", "-z", "-Tascii", page});
    EXPECT_EQ(finished.out + finished.err, "");
  }
  if (is_installed("mandoc")) {
    // It says of no date that it is missing; a date would make two builds of one source differ.
    const auto finished =
        run({"/bin/sh", "-c", "mandoc -Tlint -Wwarning \"$0\" | grep -v ' date,'", page});
    EXPECT_EQ(finished.out + finished.err, "");
  }
}

TEST(Help, DoesNotListWhatPackagesCall) {
  const auto help = printed({"--help"});
  EXPECT_THAT(help, HasSubstr("\n  version "));
  EXPECT_THAT(help, Not(HasSubstr("\n  man")));
  EXPECT_THAT(help, Not(HasSubstr("\n  completion")));
}

}  // namespace
}  // namespace mentat_sync
