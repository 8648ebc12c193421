// The reader: see the header.
#include "actors/reader_actor.hpp"

#include "storage/bounds.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace mentat_sync {
namespace {

caf::error failure(const std::string& message) {
  return caf::make_error(caf::sec::runtime_error, message);
}

/// Answers with what `result` holds; an empty one means that the reader has ended.
template <class Answer>
void deliver(caf::typed_response_promise<Answer>& promise, ReadResult result) {
  auto* answer = std::get_if<Result<Answer>>(&result);
  if (answer == nullptr) {
    promise.deliver(failure("the reader has ended"));
  } else if (!answer->ok()) {
    promise.deliver(failure(answer->status().message()));
  } else {
    promise.deliver(std::move(*answer).value());
  }
}

}  // namespace

ReaderState::~ReaderState() {
  if (port_) port_->close();
  for (auto& [ticket, answer] : pending_) answer(ReadResult{});
}

ReaderActor::behavior_type ReaderState::start(Store& store) {
  store_ = &store;
  port_ = std::make_shared<Port<ReaderActor>>(ReaderActor{self_});
  return {
      [this](ReadHead query) { return on_query<Head>(query); },
      [this](ReadSummary query) { return on_query<Summary>(query); },
      [this](ListTransactions query) {
        query.limit = std::min(query.limit, bounds::page_transactions_max);
        return on_query<TransactionPage>(query);
      },
      [this](ReadTransaction query) { return on_query<Transaction>(query); },
      [this](const ReadChunk& query) { return on_query<Chunk>(query); },
      [this](ListUsers query) {
        query.limit = std::min(query.limit, bounds::page_users_max);
        return on_query<UserPage>(query);
      },
      [this](ReadCompleted& message) { on_completed(message); },
  };
}

template <class Answer, class Query>
caf::result<Answer> ReaderState::on_query(Query query) {
  auto promise = self_->make_response_promise<Answer>();
  const auto ticket = next_ticket_++;
  pending_.emplace(ticket, [promise](ReadResult result) mutable {
    deliver<Answer>(promise, std::move(result));
  });
  // By a message even when the store answers at once: another engine answers on another thread, and
  // a promise belongs to its actor.
  store_->read(std::move(query), [port = port_, ticket](Result<Answer> result) {
    port->post(ReadCompleted{ticket, std::move(result)});
  });
  return promise;
}

void ReaderState::on_completed(ReadCompleted& message) {
  auto node = pending_.extract(message.ticket);
  if (!node.empty()) node.mapped()(std::move(message.result));
}

ReaderActor::behavior_type reader_actor(ReaderActor::stateful_pointer<ReaderState> self,
                                        Store* store) {
  return compat::state_of(self).start(*store);
}

}  // namespace mentat_sync
