// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-rate-trace.h"

#include "ddnn-quantity.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace ns3
{

namespace
{

DdnnRatePoint
ParsePoint(const std::vector<std::string>& words, const std::string& place)
{
    if (words.size() != 2)
    {
        throw std::runtime_error(place + ": a line must be TIME RATE, such as 0.5s 2Mbps");
    }
    DdnnRatePoint point;
    // a number alone is in seconds
    if (!DdnnQuantity::ParseTime(words[0], false, point.time) &&
        !DdnnQuantity::ParseTime(words[0] + "s", false, point.time))
    {
        throw std::runtime_error(place + ": time " + DdnnQuantity::Quote(words[0]) +
                                 " must be a number up to 1e6 s, in seconds or with a unit: ns, "
                                 "us, ms, s, min or h");
    }
    if (!DdnnQuantity::ParseRate(words[1], point.rate))
    {
        throw std::runtime_error(place + ": rate " + DdnnQuantity::Quote(words[1]) +
                                 " must be a number with a unit, bps, kbps, Mbps or Gbps, from "
                                 "1bps to 1000Gbps");
    }
    return point;
}

} // namespace

DdnnRateTrace
ParseRateTrace(std::istream& input, const std::string& name)
{
    DdnnRateTrace trace;
    std::string line;
    for (int number = 1; std::getline(input, line); ++number)
    {
        std::istringstream text(line.substr(0, line.find('#')));
        std::vector<std::string> words;
        for (std::string word; text >> word;)
        {
            words.push_back(word);
        }
        if (words.empty())
        {
            continue;
        }
        const std::string place = name + ":" + std::to_string(number);
        const DdnnRatePoint point = ParsePoint(words, place);
        if (!trace.empty() && point.time <= trace.back().time)
        {
            throw std::runtime_error(place + ": time " + DdnnQuantity::Quote(words[0]) +
                                     " must be later than that of the line before");
        }
        trace.push_back(point);
    }
    if (input.bad())
    {
        throw std::runtime_error(name + " cannot be read to its end");
    }
    if (trace.empty())
    {
        throw std::runtime_error(name + " has no line TIME RATE, such as 0.5s 2Mbps");
    }
    return trace;
}

DdnnRateTrace
ReadRateTrace(const std::string& path)
{
    std::ifstream file(path);
    if (!file || std::filesystem::is_directory(path))
    {
        throw std::runtime_error("--backhaulTrace: cannot read the file " +
                                 DdnnQuantity::Quote(path));
    }
    return ParseRateTrace(file, "--backhaulTrace: " + path);
}

} // namespace ns3
