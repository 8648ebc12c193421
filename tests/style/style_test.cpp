// Checks what the compiler cannot: which folder may know which, and how files look. A rule that
// only a document knows is forgotten.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;
using Violations = std::vector<std::string>;

constexpr std::size_t lines_max = 400;
constexpr std::size_t columns_max = 100;

/// The folders that make up the program, each of which may include itself and those before it.
const std::vector<std::string> folders{"storage", "actors", "http", "cli"};

struct SourceFile {
  /// Relative to the project, with forward slashes.
  std::string path;
  std::vector<std::string> lines;

  std::string folder() const { return path.substr(0, path.find('/')); }
  bool is_header() const { return path.ends_with(".hpp"); }
};

SourceFile read(const fs::path& path) {
  SourceFile file{fs::relative(path, MENTAT_SYNC_SOURCE_DIR).generic_string(), {}};
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
  return file;
}

std::vector<SourceFile> read_all() {
  std::vector<SourceFile> files;
  for (const char* folder : {"storage", "actors", "http", "cli", "tests"}) {
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(MENTAT_SYNC_SOURCE_DIR) / folder)) {
      const auto extension = entry.path().extension();
      if (extension == ".hpp" || extension == ".cpp") files.push_back(read(entry.path()));
    }
  }
  return files;
}

const std::vector<SourceFile>& sources() {
  static const std::vector<SourceFile> files = read_all();
  return files;
}

/// What a line includes, with its quotes or brackets; empty when it includes nothing.
std::string included_by(std::string_view line) {
  const auto hash = line.find_first_not_of(' ');
  if (hash == line.npos || line[hash] != '#') return {};
  const auto word = line.find("include", hash);
  const auto start = line.find_first_of("\"<", hash);
  if (word == line.npos || start == line.npos || start < word) return {};
  const auto end = line.find_first_of("\">", start + 1);
  return std::string(line.substr(start, end == line.npos ? end : end - start + 1));
}

std::set<std::string> includes_of(const SourceFile& file) {
  std::set<std::string> names;
  for (const auto& line : file.lines) names.insert(included_by(line));
  names.erase("");
  return names;
}

/// Adds all that `file` includes, directly or through other headers of the project.
void collect_includes(const SourceFile& file, std::set<std::string>& names) {
  for (const auto& name : includes_of(file)) {
    if (!names.insert(name).second) continue;
    const auto path = name.substr(1, name.size() - 2);
    const auto header = std::find_if(sources().begin(), sources().end(),
                                     [&](const SourceFile& other) { return other.path == path; });
    if (header != sources().end()) collect_includes(*header, names);
  }
}

/// The files of `folder` that include, however indirectly, something that begins so.
Violations reaching(const std::string& folder, const std::vector<std::string>& beginnings) {
  Violations found;
  for (const auto& file : sources()) {
    if (file.folder() != folder) continue;
    std::set<std::string> names;
    collect_includes(file, names);
    for (const auto& name : names) {
      for (const auto& beginning : beginnings) {
        if (name.starts_with(beginning)) found.push_back(file.path + " reaches " + name);
      }
    }
  }
  return found;
}

/// The lines for which `is_wrong`, as "path:number".
template <class Predicate>
Violations lines_where(Predicate is_wrong) {
  Violations found;
  for (const auto& file : sources()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (is_wrong(file, file.lines[i])) found.push_back(file.path + ":" + std::to_string(i + 1));
    }
  }
  return found;
}

/// The files for which `is_wrong`.
template <class Predicate>
Violations files_where(Predicate is_wrong) {
  Violations found;
  for (const auto& file : sources()) {
    if (is_wrong(file)) found.push_back(file.path);
  }
  return found;
}

/// Characters, not bytes: continuation bytes of UTF-8 do not count.
std::size_t columns(const std::string& line) {
  const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), is_start));
}

std::size_t rank(const std::string& folder) {
  return static_cast<std::size_t>(std::find(folders.begin(), folders.end(), folder) -
                                  folders.begin());
}

TEST(Style, FindsTheSources) {
  for (const auto& folder : folders) {
    EXPECT_TRUE(std::any_of(sources().begin(), sources().end(), [&](const SourceFile& file) {
      return file.folder() == folder;
    })) << folder;
  }
}

TEST(Style, ReadsIncludes) {
  EXPECT_EQ(included_by("#include \"storage/store.hpp\""), "\"storage/store.hpp\"");
  EXPECT_EQ(included_by("#  include <caf/all.hpp>  // why"), "<caf/all.hpp>");
  EXPECT_EQ(included_by("// #include <caf/all.hpp>"), "");
  EXPECT_EQ(included_by("#pragma once"), "");
}

TEST(Style, FoldersIncludeOnlyDownwards) {
  EXPECT_THAT(lines_where([](const SourceFile& file, const std::string& line) {
                const auto name = included_by(line);
                if (name.empty() || file.folder() == "tests") return false;
                const auto target = rank(name.substr(1, name.find('/') - 1));
                return name.front() == '"' && target > rank(file.folder());
              }),
              IsEmpty());
}

TEST(Style, StorageKnowsNoActorsSocketsOrJson) {
  EXPECT_THAT(reaching("storage", {"<caf/", "<boost/", "<nlohmann/", "<simdjson"}), IsEmpty());
}

TEST(Style, ActorsKnowNoSocketsOrJson) {
  EXPECT_THAT(reaching("actors", {"<boost/", "<nlohmann/", "<simdjson"}), IsEmpty());
}

TEST(Style, HttpSeesNoCaf) {
  EXPECT_THAT(reaching("http", {"<caf/"}), IsEmpty());
}

TEST(Style, OnlyOneHeaderAsksForTheVersionOfCaf) {
  // In pieces, so that this file does not find itself.
  const std::string version = std::string{"CAF_"} + "VERSION";
  const std::string presence = std::string{"__has_include"} + "(<caf/";
  EXPECT_THAT(lines_where([&](const SourceFile& file, const std::string& line) {
                if (file.path == "actors/caf_compat.hpp") return false;
                return line.find(version) != line.npos || line.find(presence) != line.npos;
              }),
              IsEmpty());
}

TEST(Style, FilesHaveAtMost400Lines) {
  EXPECT_THAT(files_where([](const SourceFile& file) { return file.lines.size() > lines_max; }),
              IsEmpty());
}

TEST(Style, LinesHaveAtMost100Columns) {
  EXPECT_THAT(lines_where([](const SourceFile&, const std::string& line) {
                return columns(line) > columns_max;
              }),
              IsEmpty());
}

TEST(Style, FilesSayFirstWhyTheyExist) {
  EXPECT_THAT(files_where([](const SourceFile& file) {
                return file.lines.empty() || !file.lines.front().starts_with("// ");
              }),
              IsEmpty());
}

TEST(Style, HeadersAreIncludedOnce) {
  EXPECT_THAT(files_where([](const SourceFile& file) {
                const auto once = std::find(file.lines.begin(), file.lines.end(), "#pragma once");
                return file.is_header() && once == file.lines.end();
              }),
              IsEmpty());
}

}  // namespace
}  // namespace mentat_sync
