// riskcheck.hpp: the library for C++20, and for C++17 without spans and literals. Header only: each call is one of
// riskcheck.h, which is the manual, with kinds of numbers that cannot be mixed up and owners that close what they open.
//
//     using namespace riskcheck;
//     Engine engine = Engine::create().value();  // throws Error; without exceptions, ask the Result
//     Port port = engine.port(1).value();
//     if (Verdict verdict = port.check(order); !verdict) puts(explain(verdict).data());
//
// What is called for every order adds no instruction to the call of C.
#ifndef RISKCHECK_HPP
#define RISKCHECK_HPP

#include <riskcheck/decimal.hpp>
#include <riskcheck/engine.hpp>
#include <riskcheck/journal.hpp>

#endif
