// riskcheck: looks at regions and journals from outside. It uses the C functions of the library and nothing else, and
// changes no file. riskcheck.1 is the manual.
#include "options.hpp"
#include "output.hpp"

#include <cstdio>
#include <new>

namespace {

using namespace tool;

constexpr Command commands[] = {
    {"stat", "REGION [--json]", "health, limits in force and statistics of a shared region", show_state},
    {"tail", "DIRECTORY [--follow] [--lines N|all] [--json]", "the last records of a journal, in words", tail_journal},
    {"verify", "DIRECTORY [--json]", "whether a journal is whole, and what there is in it", verify_journal},
    {"replay", "DIRECTORY [--from SNAPSHOT] [--differences N|all] [--json]",
     "does it once more, and tells what differs", replay_journal},
    {"what-if", "DIRECTORY --limits FILE [--from SNAPSHOT] [--json]",
     "the same under other limits: whose verdict changes", ask_what_if},
    {"dump", "DIRECTORY [--json]", "every record with all its fields, as a table of commands", dump_journal},
};

std::string usage() {
  std::string text = "usage: riskcheck COMMAND ...\n\n";
  for (const Command &command : commands)
    text += "  riskcheck " + std::string(command.name) + " " + std::string(command.takes) + "\n      " +
            std::string(command.says) + "\n";
  return text +
         "  riskcheck --version\n  riskcheck --help\n\n"
         "Exit status: 0 fine, 1 differences, losses or damage were found, 2 misuse, 3 cannot be opened or read,\n"
         "4 another error of the library. The manual is riskcheck(1).\n";
}

int show_version() {
  auto build = sized<rck_build>();
  must(rck_build_info(&build), {}, "the library");
  print("riskcheck " + std::string(build.version) + " (" + build.mode + ", " + build.compiler + ", commit " +
        build.commit + ")\n");
  return fine;
}

/// A library whose structs may be others is not asked anything.
void check_library() {
  if (rck_abi_version() != RCK_ABI_VERSION || rck_version() >> 8 != (RCK_VERSION_MAJOR << 8 | RCK_VERSION_MINOR))
    throw Failure{failed, "libriskcheck.so is not of the version that this tool was made for"};
}

int run(std::vector<std::string_view> words) {
  const std::string_view first = words.empty() ? "" : words.front();
  if (first == "--help" || first == "-h" || first == "help") {
    print(usage());
    return fine;
  }
  check_library();
  if (first == "--version")
    return show_version();
  for (const Command &command : commands) {
    if (command.name != first)
      continue;
    words.erase(words.begin());
    if (words.size() == 1 && words.front() == "--help") {
      print("usage: riskcheck " + std::string(command.name) + " " + std::string(command.takes) + "\n" +
            std::string(command.says) + "\n");
      return fine;
    }
    return command.run(options_of(command, words));
  }
  throw Failure{misused, first.empty() ? "what is to be done?\n" + usage()
                                       : "no command " + std::string(first) + "; see riskcheck --help"};
}

} // namespace

int main(int count, char **words) {
  int exit_status = tool::failed;
  std::string said;
  try {
    exit_status = run({words + (count > 0 ? 1 : 0), words + count});
    tool::flush();
  } catch (const tool::Failure &failure) {
    exit_status = failure.exit_status;
    said = failure.text;
  } catch (const std::bad_alloc &) {
    said = "there is no memory left";
  }
  if (!said.empty())
    std::fprintf(stderr, "riskcheck: %s%s", said.c_str(), said.back() == '\n' ? "" : "\n");
  return exit_status;
}
