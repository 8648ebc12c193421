// Rows and bars of the plots that benchmarks print.
#include "bench/text_plot.hpp"

#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

std::string bar(std::size_t chars) {
  return std::string(chars, '#');
}

TEST(TextPlot, HasABarOfOneLengthForEachSizeWhereCostDoesNotGrow) {
  EXPECT_EQ(text_plot("users, PUT", {{10, 1.0}, {100, 1.0}}),
            "users, PUT\n"
            "         10 |" +
                bar(20) +
                " 1.00\n"
                "        100 |" +
                bar(20) + " 1.00\n");
}

TEST(TextPlot, HasAnEmptyRowForEachPowerOfTenThatWasLeftOut) {
  EXPECT_EQ(text_plot("", {{10, 1.0}, {10'000, 1.0}, {1'000'000, 1.0}}),
            "\n"
            "         10 |" +
                bar(20) +
                " 1.00\n"
                "            |\n"
                "            |\n"
                "      10000 |" +
                bar(20) +
                " 1.00\n"
                "            |\n"
                "    1000000 |" +
                bar(20) + " 1.00\n");
}

TEST(TextPlot, HasNoRowBetweenSizesOfOnePowerOfTen) {
  EXPECT_EQ(text_plot("", {{100, 1.0}, {500, 2.0}}),
            "\n"
            "        100 |" +
                bar(20) +
                " 1.00\n"
                "        500 |" +
                bar(40) + " 2.00\n");
}

TEST(TextPlot, ShrinksAllBarsToHaveRoomForTheLongest) {
  EXPECT_EQ(text_plot("", {{1, 1.0}, {10, 9.5}}),
            "\n"
            "          1 |" +
                bar(4) +
                " 1.00\n"
                "         10 |" +
                bar(38) + " 9.50\n");
}

TEST(TextPlot, IsEmptyWithoutPoints) {
  EXPECT_EQ(text_plot("users", {}), "");
}

}  // namespace
}  // namespace mentat_sync
