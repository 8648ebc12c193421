// The reader: answers queries that come by messages (an embedder's actors, other nodes). HTTP's
// reads do not come here; they go to the store directly.
//
// Thread-safety: an actor. Spawn it detached: LMDB's reads complete inline and may wait for the
// disk, which the shared workers must not. Ownership and lifetime: the store must outlive the
// actor's system. Failures: a failed read, and a query that is still waiting when the reader ends,
// answer a caf::error of category sec::runtime_error.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/port.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

namespace mentat_sync {

class ReaderState {
 public:
  static constexpr const char* name = "mentat-sync.reader";

  explicit ReaderState(ReaderActor::pointer self) : self_(self) {}
  ~ReaderState();
  ReaderState(const ReaderState&) = delete;
  ReaderState& operator=(const ReaderState&) = delete;

  ReaderActor::behavior_type start(Store& store);

 private:
  template <class Answer, class Query>
  caf::result<Answer> on_query(Query query);
  void on_completed(ReadCompleted& message);

  ReaderActor::pointer self_;
  Store* store_ = nullptr;
  std::shared_ptr<Port<ReaderActor>> port_;
  std::unordered_map<std::uint64_t, std::function<void(ReadResult)>> pending_;
  std::uint64_t next_ticket_ = 0;
};

ReaderActor::behavior_type reader_actor(ReaderActor::stateful_pointer<ReaderState> self,
                                        Store* store);

}  // namespace mentat_sync
