// Reads the file in pieces, and gives the importer one item at a time.
#include "cli/import_command.hpp"

#include "cli/exit_codes.hpp"
#include "cli/log_importer.hpp"
#include "cli/progress.hpp"
#include "cli/remote.hpp"
#include "cli/units.hpp"
#include "http/wire/log_decoder.hpp"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace mentat_sync {
namespace {

using Failure = LogImporter::Failure;

/// What was named on the command line.
std::string spoken(const std::string& name) {
  return name == "-" ? "standard input" : name;
}

ImportFailure malformed(const std::string& name, const Status& status) {
  return {false, spoken(name) + " is no whole log: " + status.message()};
}

/// The reason as the system told it last.
std::string unreadable(const std::string& name) {
  const int error = errno;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  const std::string why = error != 0 ? std::string{": "} + std::strerror(error) : "";
  return "cannot read " + spoken(name) + why;
}

Failure give_items(LogDecoder& decoder, const std::string& name, LogImporter& importer) {
  for (;;) {
    const auto item = decoder.next();
    if (!item.ok()) return malformed(name, item.status());
    if (!*item) return std::nullopt;
    if (auto failure = importer.take(**item)) return failure;
  }
}

/// What precedes a malformed or missing end is imported all the same: pushes are on the server
/// before the end of a large file is seen.
Failure import_stream(std::istream& stream, const std::string& name, LogImporter& importer,
                      Progress& progress) {
  LogDecoder decoder{bounds::log_item_bytes_max};
  std::string piece(bounds::MiB, '\0');
  errno = 0;
  while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())) ||
         stream.gcount() > 0) {
    const auto count = static_cast<std::size_t>(stream.gcount());
    decoder.feed({piece.data(), count});
    if (auto failure = give_items(decoder, name, importer)) return failure;
    progress.advance(count);
  }
  if (stream.bad() || !stream.eof()) return ImportFailure{false, unreadable(name)};
  const auto whole = decoder.finish();
  return whole.ok() ? importer.finish() : Failure{malformed(name, whole)};
}

std::uint64_t size_of(const std::string& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

int import(const ImportOptions& options, std::istream& stream) {
  const Interruption interruption;
  auto client = make_client(options.remote, interruption);
  const auto summary = client.summary();
  if (!summary) return fail(summary.error());
  LogImporter importer{client, {summary->head, summary->seq}, options.push_bytes};
  Failure failure;
  {
    Progress progress{std::cerr, "import", size_of(options.file),
                      progress_wanted() && !options.quiet};
    failure = import_stream(stream, options.file, importer, progress);
  }
  if (failure) {
    const int exit_code = fail(failure->message);
    return failure->conflict ? exit_codes::conflict : exit_code;
  }
  if (!options.quiet) {
    std::cerr << "imported " << count_of(importer.imported_transactions(), "transaction")
              << "; HEAD is " << importer.head().head.to_string() << ' ' << importer.head().seq
              << std::endl;
  }
  return exit_codes::success;
}

}  // namespace

CLI::App* add_import(CLI::App& app, ImportOptions& options) {
  auto* command = app.add_subcommand("import", "Put an exported log on a server, or go on with it");
  add_remote_options(*command, options.remote);
  command->add_option("file", options.file, "The file; - is standard input")
      ->type_name("FILE")
      ->default_str(options.file);
  add_push_bytes_option(*command, options.push_bytes);
  command->add_flag("--quiet", options.quiet, "Say nothing but what goes wrong");
  return command;
}

int run_import(const ImportOptions& options) {
  if (options.file == "-") return import(options, std::cin);
  std::ifstream stream(options.file, std::ios::binary);
  if (!stream) {
    return fail("cannot read " + options.file + ": " + std::generic_category().message(errno));
  }
  return import(options, stream);
}

}  // namespace mentat_sync
