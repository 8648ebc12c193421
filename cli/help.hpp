// HelpFormatter: lays out --help so that each option's default and environment variable stand on a
// line of their own, within 100 columns.
//
// Thread-safety: immutable.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace mentat_sync {

class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();

  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
  std::string make_subcommand(const CLI::App* command) const override;
};

/// A line for each of its commands, after an empty one and a heading.
std::string list_of_commands(const CLI::App& app);

}  // namespace mentat_sync
