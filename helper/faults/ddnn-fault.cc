// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-fault.h"

#include "ddnn-fault-actions.h"

#include <cctype>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>

namespace ns3
{

namespace
{

using Words = std::vector<std::string>;

/// Read a number with one of some units. \param low and \param high are in the base unit
double
Read(const std::string& word,
     const std::map<std::string, double>& units,
     double low,
     double high,
     const std::string& accepted)
{
    const std::size_t size = word.find_last_of("0123456789.") + 1;
    const auto unit = units.find(word.substr(size));
    double number = 0;
    const auto [rest, error] = std::from_chars(word.data(), word.data() + size, number);
    if (unit == units.end() || error != std::errc() || rest != word.data() + size ||
        number * unit->second < low || number * unit->second > high)
    {
        DdnnFaultWord::Refuse(word, accepted);
    }
    return number * unit->second;
}

DdnnFault
ReadEvent(const Words& words, const std::string& where)
{
    DdnnFault fault{DdnnFaultWord::ReadTime(words[0]), {}, nullptr, {}, where};
    if (words.size() < 3)
    {
        throw std::runtime_error(
            "an event is TIME TARGET ACTION [VALUE...], like 3s device:2 down");
    }
    fault.target = words[1];
    fault.action = &FindFaultAction(words[2]);
    fault.values.assign(words.begin() + 3, words.end());
    const auto& readers = fault.action->values;
    if (fault.values.size() != readers.size())
    {
        throw std::runtime_error(words[2] + " takes " + std::to_string(readers.size()) +
                                 " values, not " + std::to_string(fault.values.size()));
    }
    for (std::size_t i = 0; i < readers.size(); ++i)
    {
        readers[i](fault.values[i]);
    }
    return fault;
}

/// \param path of the file that has the text; empty: none
std::vector<DdnnFault>
Parse(const std::string& text, const std::string& path)
{
    std::vector<DdnnFault> faults;
    int number = 0;
    for (const std::string& line : DdnnFaultWord::Split(text, '\n'))
    {
        ++number;
        for (const std::string& event : DdnnFaultWord::Split(line.substr(0, line.find('#')), ';'))
        {
            std::istringstream stream(event);
            const Words words{std::istream_iterator<std::string>(stream), {}};
            const std::string where = path.empty() ? "event " + std::to_string(faults.size() + 1)
                                                   : path + ":" + std::to_string(number);
            try
            {
                if (!words.empty())
                {
                    faults.push_back(ReadEvent(words, where));
                }
            }
            catch (const std::runtime_error& e)
            {
                throw std::runtime_error(where + ": " + e.what());
            }
        }
    }
    return faults;
}

} // namespace

double
DdnnFaultWord::ReadNumber(const std::string& word, double low, double high)
{
    std::ostringstream accepted;
    accepted << "a number from " << low << " to " << high;
    return Read(word, {{"", 1}}, low, high, accepted.str());
}

Time
DdnnFaultWord::ReadTime(const std::string& word)
{
    const double seconds =
        Read(word,
             {{"h", 3600}, {"min", 60}, {"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"ns", 1e-9}},
             0,
             MAX_SECONDS,
             "a time with its unit, like 3s or 250ms, at most 1000000s");
    return NanoSeconds(std::llround(seconds * 1e9));
}

DataRate
DdnnFaultWord::ReadRate(const std::string& word)
{
    const double bits = Read(word,
                             {{"bps", 1}, {"kbps", 1e3}, {"Mbps", 1e6}, {"Gbps", 1e9}},
                             1,
                             1e12,
                             "a rate with its unit, like 10Mbps, from 1bps to 1000Gbps");
    return DataRate(static_cast<uint64_t>(std::llround(bits)));
}

std::vector<std::string>
DdnnFaultWord::Split(const std::string& word, char separator)
{
    std::vector<std::string> parts(1);
    for (const char letter : word)
    {
        if (letter == separator)
        {
            parts.emplace_back();
        }
        else
        {
            parts.back() += letter;
        }
    }
    return parts;
}

void
DdnnFaultWord::Refuse(const std::string& word, const std::string& accepted)
{
    constexpr std::size_t LONGEST = 40;
    std::string quoted = word.substr(0, LONGEST);
    for (char& letter : quoted)
    {
        letter = std::isprint(static_cast<unsigned char>(letter)) ? letter : '?';
    }
    throw std::runtime_error("'" + quoted + (word.size() > LONGEST ? "..." : "") + "' must be " +
                             accepted);
}

std::vector<DdnnFault>
ParseFaults(const std::string& text)
{
    return Parse(text, "");
}

std::vector<DdnnFault>
ReadFaultScript(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
    {
        throw std::runtime_error("cannot read the file " + path);
    }
    std::string text(std::istreambuf_iterator<char>(file), {});
    const std::string byteOrderMark = "\xEF\xBB\xBF";
    if (text.compare(0, byteOrderMark.size(), byteOrderMark) == 0)
    {
        text.erase(0, byteOrderMark.size());
    }
    const auto faults = Parse(text, path);
    if (faults.empty())
    {
        throw std::runtime_error("the file " + path + " has no event, like 3s device:2 down");
    }
    return faults;
}

} // namespace ns3
