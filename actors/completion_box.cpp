// See completion_box.hpp.
#include "actors/completion_box.hpp"

#include <utility>

namespace mentat_sync {
namespace {

thread_local std::shared_ptr<CompletionBox> box_here;

}  // namespace

const std::shared_ptr<CompletionBox>& CompletionBox::here() {
  return box_here;
}

void CompletionBox::settle_here(std::shared_ptr<CompletionBox> box) {
  box_here = std::move(box);
}

void CompletionBox::put(Completion completion) {
  {
    const std::lock_guard lock{mutex_};
    if (post_) {
      completions_.push_back(std::move(completion));
      if (posted_) return;
      // Under the lock, so that close() cannot return, and the loop go, in between.
      post_([self = shared_from_this()] { self->hand_out(); });
      posted_ = true;
      return;
    }
  }
  completion.to->post(std::move(completion.message));
}

void CompletionBox::close() {
  // What is left goes under the lock, so that nothing that is put later overtakes it.
  const std::lock_guard lock{mutex_};
  post_ = nullptr;
  for (Completion& left : std::exchange(completions_, {})) left.to->post(std::move(left.message));
}

void CompletionBox::hand_out() noexcept {
  std::vector<Completion> completions;
  {
    const std::lock_guard lock{mutex_};
    posted_ = false;
    completions.swap(completions_);
  }
  // The actors run when all have been told: so the answers of a batch are made in one go.
  const compat::LentThread lent{*system_};
  for (Completion& completion : completions) completion.to->post(std::move(completion.message));
}

}  // namespace mentat_sync
