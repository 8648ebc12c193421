// NumberSet: a set of numbers that mostly stand close together (payloads, pages), at about one bit
// for each; whatever they are, it takes at most 8 KiB for each number that is added.
//
// Thread-safety: one thread.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

namespace mentat_sync {

class NumberSet {
 public:
  /// False: it was there before.
  bool add(std::uint64_t number) {
    auto& block = blocks_[number / block_numbers];
    if (!block) block = std::make_unique<Block>();
    std::uint64_t& word = (*block)[number % block_numbers / word_bits];
    const std::uint64_t bit = std::uint64_t{1} << number % word_bits;
    const bool added = (word & bit) == 0;
    word |= bit;
    size_ += added ? 1 : 0;
    return added;
  }

  bool contains(std::uint64_t number) const {
    const auto block = blocks_.find(number / block_numbers);
    if (block == blocks_.end()) return false;
    return ((*block->second)[number % block_numbers / word_bits] >> number % word_bits & 1) != 0;
  }

  std::uint64_t size() const { return size_; }

  /// Calls `visit` with those that `other` has not, in order.
  template <class Visit>
  void each_not_in(const NumberSet& other, Visit visit) const {
    for (const auto& [index, block] : blocks_) {
      for (std::size_t i = 0; i < block->size(); ++i) {
        for (std::uint64_t word = (*block)[i]; word != 0; word &= word - 1) {
          const std::uint64_t number = index * block_numbers + i * word_bits +
                                       static_cast<std::uint64_t>(std::countr_zero(word));
          if (!other.contains(number)) visit(number);
        }
      }
    }
  }

 private:
  static constexpr std::uint64_t word_bits = 64;
  static constexpr std::uint64_t block_numbers = 65'536;
  using Block = std::array<std::uint64_t, block_numbers / word_bits>;

  std::map<std::uint64_t, std::unique_ptr<Block>> blocks_;
  std::uint64_t size_ = 0;
};

}  // namespace mentat_sync
