// How a load test's page looks, on light and on dark.
//
// Thread-safety: a constant.
#pragma once

namespace mentat_sync {

extern const char* const load_style;

}  // namespace mentat_sync
