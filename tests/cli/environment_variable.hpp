// EnvironmentVariable: sets a variable for the time of a test.
//
// Thread-safety: none; the environment belongs to the process.
#pragma once

#include <cstdlib>
#include <string>

namespace mentat_sync {

class EnvironmentVariable {
 public:
  EnvironmentVariable(std::string name, const std::string& value) : name_(std::move(name)) {
    ::setenv(name_.c_str(), value.c_str(), 1);
  }
  ~EnvironmentVariable() { ::unsetenv(name_.c_str()); }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

 private:
  std::string name_;
};

}  // namespace mentat_sync
