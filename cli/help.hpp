// HelpFormatter: lays out --help so that each option's default and environment variable stand on a
// line of their own.
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
};

}  // namespace mentat_sync
