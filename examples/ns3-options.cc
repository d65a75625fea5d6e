// SPDX-License-Identifier: GPL-2.0-only
#include "ns3-options.h"

#include "ns3/config.h"
#include "ns3/global-value.h"
#include "ns3/simulator-impl.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/type-id.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ddnn::examples
{

namespace
{

/// Where the seeds that ns-3's generator accepts end: its smaller modulus.
constexpr unsigned long SEED_END = 4294944443;

/**
 * Whether an operation of ns-3 succeeds. ns-3 ends the process at some bad values (times and
 * addresses among them) rather than report them, so it is tried in a child process first.
 */
bool
Succeeds(const std::function<bool()>& operation)
{
    const pid_t child = fork();
    if (child < 0)
    {
        throw std::runtime_error("cannot start a process to check an option");
    }
    if (child == 0)
    {
        const rlimit noCore{0, 0};
        setrlimit(RLIMIT_CORE, &noCore);
        if (!std::freopen("/dev/null", "w", stderr))
        {
            _exit(1);
        }
        _exit(operation() ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// \throws std::runtime_error if there is no such type or it has no such attribute
void
CheckAttributeExists(const std::string& name)
{
    const std::size_t separator = name.rfind("::");
    const std::string type = name.substr(0, separator);
    const std::string attribute = name.substr(separator + 2);
    ns3::TypeId tid;
    if (!ns3::TypeId::LookupByNameFailSafe(type, &tid))
    {
        throw std::runtime_error("--" + name + ": ns-3 has no type '" + type +
                                 "', see --PrintTypeIds");
    }
    for (std::size_t i = 0; i < tid.GetAttributeN(); ++i)
    {
        if (tid.GetAttribute(i).name == attribute)
        {
            return;
        }
    }
    throw std::runtime_error("--" + name + ": " + type + " has no attribute '" + attribute +
                             "' of its own, see --PrintAttributes=" + type);
}

} // namespace

bool
IsGlobalValue(const std::string& name)
{
    return std::any_of(ns3::GlobalValue::Begin(),
                       ns3::GlobalValue::End(),
                       [&](const ns3::GlobalValue* value) {
                           return value->GetName() == name;
                       });
}

void
SetGlobalValue(const std::string& name, const std::string& value)
{
    const auto set = [&] {
        return ns3::Config::SetGlobalFailSafe(name, ns3::StringValue(value));
    };
    const auto setAndStart = [&] {
        // ns-3 meets a bad scheduler or implementation only when a simulation starts
        return set() && ns3::Simulator::GetImplementation() != nullptr;
    };
    if (!Succeeds(setAndStart))
    {
        throw std::runtime_error("--" + name + "=" + value +
                                 ": ns-3 does not accept this value, see --PrintGlobals");
    }
    set();
    // a seed that the checker accepts, but at which the generator aborts
    if (name == "RngSeed" && (std::stoul(value) == 0 || std::stoul(value) >= SEED_END))
    {
        throw std::runtime_error("--RngSeed=" + value + ": not a whole number from 1 to " +
                                 std::to_string(SEED_END - 1));
    }
}

void
SetAttributeDefault(const std::string& name, const std::string& value)
{
    CheckAttributeExists(name);
    const auto set = [&] {
        return ns3::Config::SetDefaultFailSafe(name, ns3::StringValue(value));
    };
    if (!Succeeds(set))
    {
        throw std::runtime_error("--" + name + "=" + value +
                                 ": ns-3 does not accept this value, see --PrintAttributes=" +
                                 name.substr(0, name.rfind("::")));
    }
    set();
}

bool
IsPrintOption(const std::string& name)
{
    static const std::array<std::string, 9> NAMES{"PrintHelp",
                                                  "help",
                                                  "PrintVersion",
                                                  "version",
                                                  "PrintGlobals",
                                                  "PrintGroups",
                                                  "PrintGroup",
                                                  "PrintTypeIds",
                                                  "PrintAttributes"};
    return std::find(NAMES.begin(), NAMES.end(), name) != NAMES.end();
}

void
CheckPrintOption(const std::string& name, const std::string& value)
{
    ns3::TypeId tid;
    if (name == "PrintAttributes" && !ns3::TypeId::LookupByNameFailSafe(value, &tid))
    {
        throw std::runtime_error("--PrintAttributes=" + value + ": ns-3 has no type '" + value +
                                 "', see --PrintTypeIds");
    }
}

} // namespace ddnn::examples
