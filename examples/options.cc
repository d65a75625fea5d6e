// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include "cli/attribute-value.h"
#include "cli/text-pattern.h"
#include "option-values.h"

#include "ns3/command-line.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <limits>
#include <list>
#include <new>
#include <numeric>
#include <stdexcept>

namespace ddnn::examples
{

namespace
{

constexpr uint64_t MAX_SEED = std::numeric_limits<uint64_t>::max();

template <typename Number>
std::string
RangeText(const std::string& kind, Number low, Number high)
{
    return kind + " from " + ToText(low) + " to " + ToText(high);
}

const std::string PRINT_OPTIONS =
    "help|version|Print(Help|Version|Globals|Groups?|TypeIds|Attributes)";

/// An argument cut into name and value.
struct Argument
{
    std::string name;
    std::string value;
    bool hasValue;
};

/// \throws std::runtime_error if it does not begin with two dashes
Argument
Cut(const std::string& argument)
{
    if (argument.rfind("--", 0) != 0)
    {
        throw std::runtime_error("unexpected argument '" + argument +
                                 "': options are written --name=value, see --PrintHelp");
    }
    const std::size_t equals = argument.find('=');
    if (equals == std::string::npos)
    {
        return {argument.substr(2), "", false};
    }
    return {argument.substr(2, equals - 2), argument.substr(equals + 1), true};
}

/// Whether a text has a word, not only a longer one that begins with it.
bool
HasWord(const std::string& text, const std::string& word)
{
    const std::size_t begin = text.find(word);
    return begin != std::string::npos &&
           !std::isalnum(static_cast<unsigned char>(text[begin + word.size()]));
}

/// Without line ends and other control characters.
std::string
OneLine(std::string text)
{
    std::replace_if(
        text.begin(),
        text.end(),
        [](unsigned char c) {
            return std::iscntrl(c);
        },
        ' ');
    return text;
}

} // namespace

Options::Options(const std::string& program, const std::string& usage)
    : m_program(program)
    , m_usage(usage)
{
}

void
Options::Add(const std::string& name,
             const std::string& help,
             const std::string& accepts,
             const std::string& byDefault,
             const Parser& parser)
{
    m_options.push_back({name, help, accepts, byDefault, parser, false});
}

void
Options::AddInt(const std::string& name, const std::string& help, int& target, int low, int high)
{
    Add(name,
        help,
        RangeText("a whole number", low, high),
        ToText(target),
        [=, &target](const std::string& text) {
            return ParseNumber(text, low, high, target);
        });
}

void
Options::AddSeed(const std::string& name, const std::string& help, uint64_t& target)
{
    Add(name,
        help,
        "a whole number, at most " + ToText(MAX_SEED),
        ToText(target),
        [&target](const std::string& text) {
            return ParseNumber(text, uint64_t{0}, MAX_SEED, target);
        });
}

void
Options::AddDouble(const std::string& name,
                   const std::string& help,
                   double& target,
                   double low,
                   double high)
{
    Add(name,
        help,
        RangeText("a number", low, high),
        ToText(target),
        [=, &target](const std::string& text) {
            return ParseNumber(text, low, high, target);
        });
}

void
Options::AddString(const std::string& name, const std::string& help, std::string& target)
{
    Add(name, help, "", target, [&target](const std::string& text) {
        target = text;
        return !text.empty();
    });
}

void
Options::AddFlag(const std::string& name, const std::string& help, bool& target)
{
    AddChoice<bool>(name,
                    help,
                    target,
                    {{"true", true}, {"false", false}, {"1", true}, {"0", false}});
    m_options.back().byDefault = target ? "true" : "false";
    m_options.back().accepts = "true or false";
    m_options.back().isFlag = true;
}

void
Options::AddDoubles(const std::string& name,
                    const std::string& help,
                    std::vector<double>& target,
                    double low,
                    double high)
{
    Add(name,
        help,
        RangeText("numbers", low, high) + ", separated by commas",
        ToText(target),
        [=, &target](const std::string& text) {
            return ParseList(text, low, high, target);
        });
}

void
Options::AddInts(const std::string& name,
                 const std::string& help,
                 std::vector<int>& target,
                 int low,
                 int high)
{
    Add(name,
        help,
        RangeText("whole numbers", low, high) + ", separated by commas",
        ToText(target),
        [=, &target](const std::string& text) {
            return ParseList(text, low, high, target);
        });
}

void
Options::AddAttribute(const std::string& name, const std::string& attribute)
{
    m_options.push_back(Find(attribute));
    m_options.back().name = name;
}

void
Options::Parse(int argc, char* argv[])
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    for (const std::string& argument : arguments)
    {
        if (Matches(Cut(argument).name, PRINT_OPTIONS))
        {
            PrintAndExit(argument);
        }
    }
    for (const std::string& argument : arguments)
    {
        ParseArgument(argument);
    }
}

bool
Options::IsSet(const std::string& name) const
{
    return m_given.count(GetKey(name)) != 0;
}

void
Options::Refuse(const std::vector<std::string>& names, const std::string& reason) const
{
    for (const std::string& name : names)
    {
        const auto given = m_given.find(GetKey(name));
        if (given != m_given.end())
        {
            throw std::runtime_error(given->second + ": " + reason);
        }
    }
}

std::string
Options::Blame(const std::string& error) const
{
    for (const auto& [key, argument] : m_given)
    {
        const bool isAttribute = key.find("::") != std::string::npos;
        const std::string quoted = "'" + Cut(argument).value + "'";
        if (isAttribute && (HasWord(error, key) || HasWord(error, quoted)))
        {
            return argument + ": " + error;
        }
    }
    return error;
}

std::string
Options::GetKey(const std::string& name) const
{
    const std::string key = Find(name).key;
    return key.empty() ? name : key;
}

/// Also ns-3's own, which nobody has added.
Options::Option
Options::Find(const std::string& name) const
{
    for (const Option& option : m_options)
    {
        if (option.name == name)
        {
            return option;
        }
    }
    if (name.find("::") == std::string::npos)
    {
        const Parser setGlobal = [name](const std::string& text) {
            SetGlobal(name, text);
            return true;
        };
        return {name, "", "", "", setGlobal, true}; // else a missing value would be the complaint
    }
    const Attribute attribute = FindAttribute(name);
    const std::string key = attribute.declaredBy.GetAttributeFullName(attribute.index);
    const Parser setDefault = [attribute](const std::string& text) {
        attribute.SetDefault(text);
        return true;
    };
    return {name,
            attribute.info.help + " (" + key + ")",
            "",
            attribute.GetDefault(),
            setDefault,
            attribute.IsFlag(),
            key};
}

void
Options::ParseArgument(const std::string& argument)
{
    const auto [name, value, hasValue] = Cut(argument);
    try
    {
        const Option option = Find(name);
        const std::string accepts = option.accepts.empty() ? "a text" : option.accepts;
        if (!hasValue && !option.isFlag)
        {
            throw std::runtime_error("needs a value, " + accepts);
        }
        if (!option.parser(hasValue ? value : "true"))
        {
            throw std::runtime_error("must be " + accepts);
        }
        m_given[option.key.empty() ? name : option.key] = argument;
    }
    catch (const std::runtime_error& e)
    {
        throw std::runtime_error(argument + ": " + e.what());
    }
}

void
Options::PrintAndExit(const std::string& argument) const
{
    const Argument cut = Cut(argument);
    ns3::TypeId tid;
    if (cut.name == "PrintAttributes" && !ns3::TypeId::LookupByNameFailSafe(cut.value, &tid))
    {
        // ns-3 would end the process
        throw std::runtime_error(argument + ": ns-3 has no such class, see --PrintTypeIds");
    }
    ns3::CommandLine commandLine(m_program + ".cc");
    commandLine.Usage(m_usage);
    std::list<std::string> defaults; // ns-3 keeps references to them
    for (const Option& option : m_options)
    {
        defaults.push_back(option.byDefault);
        const std::string accepts = option.accepts.empty() ? "" : " (" + option.accepts + ")";
        commandLine.AddValue(option.name, option.help + accepts, defaults.back());
    }
    commandLine.Parse(std::vector<std::string>{m_program, argument});
}

int
RunMain(const std::string& program, const std::function<int()>& body)
{
    // a file that becomes too large is a failed write, not the end of the process
    std::signal(SIGXFSZ, SIG_IGN);
    // where ns-3 gives up it has said why
    std::set_terminate([] {
        std::_Exit(1);
    });
    std::string problem;
    try
    {
        const int status = body();
        if (std::cout.flush())
        {
            return status;
        }
        problem = "cannot write to the standard output: is its disk full?";
    }
    catch (const std::bad_alloc&)
    {
        problem = "out of memory: use a smaller data set or network";
    }
    catch (const std::exception& e)
    {
        problem = e.what();
    }
    std::cerr << program << ": " << OneLine(problem) << "\n";
    return 1;
}

} // namespace ddnn::examples
