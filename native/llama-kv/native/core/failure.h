#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace llama_kv {

/// One named fact about a failure, for programs: a number or a text.
using Detail = std::pair<std::string, std::variant<double, std::string>>;

/// What every operation of the core fails with. `code` is one of the public codes, or `ABORTED` when its flag was
/// raised.
class Failure : public std::exception {
 public:
  Failure(std::string code, std::string message, std::vector<Detail> details = {})
      : code_(std::move(code)), message_(std::move(message)), details_(std::move(details)) {}

  const char* what() const noexcept override { return message_.c_str(); }
  const std::string& code() const { return code_; }
  const std::vector<Detail>& details() const { return details_; }

 private:
  std::string code_;
  std::string message_;
  std::vector<Detail> details_;
};

inline Failure Aborted() { return Failure("ABORTED", "The call was aborted."); }

}  // namespace llama_kv
