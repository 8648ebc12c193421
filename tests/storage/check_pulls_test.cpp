// The check of a store: pull records that say something else than the records they repeat.
#include "check_fixture.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CheckOfPulls : public CheckTest {
 protected:
  /// Committed as number 3, with a pull record.
  CheckOfPulls() {
    open();
    push(transaction(2), {{"once", "bytes"}}, {{transaction(6), {"once", "once"}}});
    close();
  }

  const format::Key key_ = format::pull_key(first_log, 3);
  const std::string another_ = log_name() + ": the pull record of transaction " +
                               transaction(6).to_string() + " is not what it and its chunks give";
};

TEST_F(CheckOfPulls, SeesOneThatSaysSomethingElse) {
  EXPECT_THAT(findings(), IsEmpty());
  for (const std::size_t at : {3, 7, 11, 30, 60}) {
    const auto change = [at](std::string value) {
      value.at(at) ^= 1;
      return value;
    };
    EXPECT_THAT(after([&](RawStore& raw) { raw.alter(raw.tables().logs, key_.bytes(), change); }),
                ElementsAre(another_))
        << at;
    after([&](RawStore& raw) { raw.alter(raw.tables().logs, key_.bytes(), change); });
  }
}

TEST_F(CheckOfPulls, SeesOneOfAChunkThatWasNamedBefore) {
  EXPECT_THAT(after_chunk("once", [](auto& record) { record.named_seq = 2; }),
              ElementsAre(another_));
}

TEST_F(CheckOfPulls, SeesOneOfNothing) {
  const auto copy = [&](RawStore& raw) {
    const auto value = raw.get(raw.tables().logs, key_.bytes());
    raw.put(raw.tables().logs, format::pull_key(first_log, 4).bytes(), *value);
  };
  EXPECT_THAT(after(copy),
              ElementsAre(log_name() + ": number 4 has a pull record, but is not committed"));
}

TEST_F(CheckOfPulls, MissesNone) {
  EXPECT_THAT(after([&](RawStore& raw) { raw.erase(raw.tables().logs, key_.bytes()); }), IsEmpty());
}

}  // namespace
}  // namespace mentat_sync
