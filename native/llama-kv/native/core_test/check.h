#pragma once

#include <cstdio>
#include <functional>
#include <string>

#include "../core/failure.h"

namespace llama_kv::testing {

inline int failures = 0;

inline void Check(bool holds, const char* what, const char* file, int line) {
  if (holds) return;
  failures += 1;
  std::printf("%s:%d: %s\n", file, line, what);
}
#define CHECK(condition) ::llama_kv::testing::Check((condition), #condition, __FILE__, __LINE__)

/// The code that a call fails with; empty when it does not.
inline std::string CodeOf(const std::function<void()>& call) {
  try {
    call();
    return "";
  } catch (const Failure& failure) {
    return failure.code();
  }
}

}  // namespace llama_kv::testing
