// What the process keeps of its memory.
#include "cli/limits.hpp"

#include "storage/bounds.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <sys/resource.h>
#include <thread>

namespace mentat_sync {
namespace {

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

long page_faults_of_thread() {
  rusage usage{};
  EXPECT_EQ(::getrusage(RUSAGE_THREAD, &usage), 0);
  return usage.ru_minflt;
}

/// As a loop does that answers 16 connections.
void make_and_drop_answers() {
  std::array<std::string, 16> answers;
  for (std::string& answer : answers) answer.assign(64 * bounds::KiB, 'x');
}

// Each time it would be 256 pages.
TEST(FreedMemory, IsUsedAgainWithoutPageFaults) {
  keep_freed_memory();
  long faults = 0;
  std::jthread{[&faults] {
    make_and_drop_answers();
    const long before = page_faults_of_thread();
    for (int i = 0; i < 20; ++i) make_and_drop_answers();
    faults = page_faults_of_thread() - before;
  }}.join();
  EXPECT_LT(faults, 256);
}

#endif

}  // namespace
}  // namespace mentat_sync
