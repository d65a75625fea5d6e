// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include "ns3-options.h"
#include "option-values.h"

#include "ns3/command-line.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <csignal>
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

/// Insertions, deletions and replacements that turn one word into the other, letter case aside.
std::size_t
EditDistance(const std::string& a, const std::string& b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 1; i <= a.size(); ++i)
    {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j)
        {
            const bool same = std::tolower(static_cast<unsigned char>(a[i - 1])) ==
                              std::tolower(static_cast<unsigned char>(b[j - 1]));
            const std::size_t replaced = diagonal + (same ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

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
Options::AddTime(const std::string& name, const std::string& help, ns3::Time& target, bool positive)
{
    Add(name,
        help,
        std::string("a time with its unit, like 20ms, ") + (positive ? "above" : "at least") +
            " zero, at most " + ToText(std::llround(MAX_SECONDS)) + "s",
        ToText(target),
        [=, &target](const std::string& text) {
            return ParseTime(text, positive, target);
        });
}

void
Options::AddRate(const std::string& name, const std::string& help, ns3::DataRate& target)
{
    Add(name,
        help,
        "a rate with its unit, like 10Mbps, from 1bps to 1000Gbps",
        ToText(target),
        [&target](const std::string& text) {
            return ParseRate(text, target);
        });
}

void
Options::Parse(int argc, char* argv[])
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    for (const std::string& argument : arguments)
    {
        if (IsPrintOption(Cut(argument).name))
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
    return m_given.count(name) != 0;
}

const Options::Option*
Options::Find(const std::string& name) const
{
    const auto option = std::find_if(m_options.begin(), m_options.end(), [&](const Option& o) {
        return o.name == name;
    });
    return option == m_options.end() ? nullptr : &*option;
}

void
Options::ParseArgument(const std::string& argument)
{
    const auto [name, value, hasValue] = Cut(argument);
    m_given.insert(name);
    if (const Option* option = Find(name))
    {
        ParseOwn(*option, value, hasValue);
    }
    else if (name.find("::") != std::string::npos)
    {
        SetAttributeDefault(name, value);
    }
    else if (IsGlobalValue(name))
    {
        SetGlobalValue(name, value);
    }
    else
    {
        const std::string nearest = Nearest(name);
        throw std::runtime_error("unknown option --" + name + ": " +
                                 (nearest.empty() ? "" : "did you mean --" + nearest + "? ") +
                                 "See --PrintHelp");
    }
}

void
Options::ParseOwn(const Option& option, const std::string& value, bool hasValue)
{
    const std::string accepts = option.accepts.empty() ? "a text" : option.accepts;
    if (!hasValue && !option.isFlag)
    {
        throw std::runtime_error("--" + option.name + " needs a value: " + accepts);
    }
    if (!option.parser(hasValue ? value : "true"))
    {
        throw std::runtime_error("--" + option.name + "=" + value + ": must be " + accepts);
    }
}

void
Options::PrintAndExit(const std::string& argument) const
{
    const Argument cut = Cut(argument);
    CheckPrintOption(cut.name, cut.value);
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

std::string
Options::Nearest(const std::string& name) const
{
    std::string nearest;
    std::size_t best = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const Option& option : m_options)
    {
        const std::size_t distance = EditDistance(name, option.name);
        if (distance < best)
        {
            best = distance;
            nearest = option.name;
        }
    }
    return nearest;
}

int
RunMain(const std::string& program, const std::function<int()>& body)
{
    // a file that becomes too large is a failed write, not the end of the process
    std::signal(SIGXFSZ, SIG_IGN);
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
