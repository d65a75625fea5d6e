// SPDX-License-Identifier: GPL-2.0-only
// Means over runs with 95% confidence intervals, of any CSV file with a row per run:
// ddnn-intervals --input=runs.csv --by=arm,loss --pair=run --baseline=arm=udp
#include "intervals.h"
#include "options.h"

#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ddnn;
using namespace ddnn::examples;

namespace
{

/// Register an option whose value is words separated by commas.
void
AddWords(Options& options,
         const std::string& name,
         const std::string& help,
         std::vector<std::string>& target)
{
    options.Add(name, help, "names separated by commas", "", [&target](const std::string& text) {
        target.clear();
        std::size_t begin = 0;
        while (begin <= text.size())
        {
            const std::size_t end = std::min(text.find(',', begin), text.size());
            if (end == begin)
            {
                return false;
            }
            target.push_back(text.substr(begin, end - begin));
            begin = end + 1;
        }
        return !target.empty();
    });
}

int
PrintIntervals(int argc, char* argv[])
{
    std::string input;
    IntervalSettings settings;
    Options options("ddnn-intervals",
                    "Prints the mean over the runs of a CSV file and its 95% confidence interval "
                    "(Student's t), as CSV.\nA mean of one run has no interval; n says how many "
                    "runs had a value.");
    options.AddString("input", "CSV file with one row per run", input);
    AddWords(options, "by", "columns: rows that agree in these are one group", settings.by);
    AddWords(options, "values", "columns to summarise; by default all others", settings.values);
    options.AddString("pair", "column that names the run", settings.pair);
    options.Add("baseline",
                "group that the others are compared with, run by run",
                "COLUMN=VALUE",
                "",
                [&settings](const std::string& text) {
                    const std::size_t sign = text.find('=');
                    settings.baselineColumn = text.substr(0, sign);
                    settings.baselineValue = sign == std::string::npos ? "" : text.substr(sign + 1);
                    return sign != std::string::npos && sign > 0;
                });
    options.Parse(argc, argv);
    if (input.empty())
    {
        throw std::runtime_error("--input is missing: give a CSV file with one row per run");
    }
    if (options.IsSet("baseline") && settings.pair.empty())
    {
        throw std::runtime_error("--baseline: give --pair too, the column that names the run");
    }
    std::cout << IntervalsCsv(ReadCsv(input), settings);
    return 0;
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunMain("ddnn-intervals", [&] {
        return PrintIntervals(argc, argv);
    });
}
