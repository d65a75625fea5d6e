// SPDX-License-Identifier: GPL-2.0-only
#include "intervals.h"

#include "contrib-ddnn/mean-interval.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <map>
#include <sstream>
#include <stdexcept>

namespace ddnn::examples
{

namespace
{

using Key = std::vector<std::string>;
using RowNumbers = std::vector<std::size_t>;

/// The groups in the order of their first rows.
struct Groups
{
    std::vector<Key> keys;
    std::map<Key, RowNumbers> rows;
};

/// The indices of the settings' columns.
struct Columns
{
    std::vector<std::size_t> by;
    std::vector<std::size_t> values;
    std::size_t pair{0};
    std::size_t baseline{0}; ///< index in `by`
};

std::vector<std::size_t>
FindColumns(const CsvTable& table, const std::vector<std::string>& names, const std::string& option)
{
    std::vector<std::size_t> columns;
    for (const std::string& name : names)
    {
        columns.push_back(FindColumn(table, name, option));
    }
    return columns;
}

/// All columns but those of `by` and the pair's.
std::vector<std::size_t>
OtherColumns(const CsvTable& table, const IntervalSettings& settings)
{
    std::vector<std::size_t> others;
    for (std::size_t column = 0; column < table.columns.size(); ++column)
    {
        const std::string& name = table.columns[column];
        if (name != settings.pair &&
            std::find(settings.by.begin(), settings.by.end(), name) == settings.by.end())
        {
            others.push_back(column);
        }
    }
    return others;
}

Columns
FindAllColumns(const CsvTable& table, const IntervalSettings& settings)
{
    Columns columns;
    columns.by = FindColumns(table, settings.by, "--by");
    columns.values = settings.values.empty() ? OtherColumns(table, settings)
                                             : FindColumns(table, settings.values, "--values");
    if (!settings.pair.empty())
    {
        columns.pair = FindColumn(table, settings.pair, "--pair");
    }
    if (!settings.baselineColumn.empty())
    {
        const auto found =
            std::find(settings.by.begin(), settings.by.end(), settings.baselineColumn);
        if (found == settings.by.end())
        {
            throw std::runtime_error("--baseline=" + settings.baselineColumn +
                                     ": must be one of the columns of --by");
        }
        columns.baseline = found - settings.by.begin();
    }
    return columns;
}

Groups
MakeGroups(const CsvTable& table, const std::vector<std::size_t>& by)
{
    Groups groups;
    for (std::size_t row = 0; row < table.rows.size(); ++row)
    {
        Key key;
        for (std::size_t column : by)
        {
            key.push_back(table.rows[row][column]);
        }
        RowNumbers& rows = groups.rows[key];
        if (rows.empty())
        {
            groups.keys.push_back(key);
        }
        rows.push_back(row);
    }
    return groups;
}

MeanInterval
OfColumn(const CsvTable& table, const RowNumbers& rows, std::size_t column)
{
    std::vector<double> values;
    for (std::size_t row : rows)
    {
        if (const auto value = NumberAt(table, row, column))
        {
            values.push_back(*value);
        }
    }
    return ComputeMeanInterval(values);
}

/// The values of a group by the run's name.
std::map<std::string, double>
ByRun(const CsvTable& table, const RowNumbers& rows, std::size_t pair, std::size_t column)
{
    std::map<std::string, double> values;
    for (std::size_t row : rows)
    {
        const auto value = NumberAt(table, row, column);
        const std::string& run = table.rows[row][pair];
        if (value && !values.emplace(run, *value).second)
        {
            throw std::runtime_error(table.path + ":" + std::to_string(row + 2) +
                                     ": a second row of " + table.columns[pair] + " " + run +
                                     " in its group; name more columns by --by");
        }
    }
    return values;
}

/// Of the runs that both groups have.
MeanInterval
OfDifferences(const std::map<std::string, double>& values,
              const std::map<std::string, double>& baseline)
{
    std::vector<double> differences;
    for (const auto& [run, value] : values)
    {
        const auto other = baseline.find(run);
        if (other != baseline.end())
        {
            differences.push_back(value - other->second);
        }
    }
    return ComputeMeanInterval(differences);
}

/// With ten digits, however small it is.
std::string
Digits(double number)
{
    std::ostringstream text;
    text << std::setprecision(10) << number;
    return text.str();
}

/// Four fields; what does not exist is empty.
std::string
Fields(const MeanInterval& interval)
{
    std::string text = "," + std::to_string(interval.count);
    for (double number : {interval.mean, interval.low, interval.high})
    {
        text += "," + (std::isnan(number) ? "" : Digits(number));
    }
    return text;
}

/// The differences of one group's column to the baseline's; none of the baseline to itself.
MeanInterval
Compare(const CsvTable& table,
        const Groups& groups,
        const Columns& columns,
        const IntervalSettings& settings,
        const Key& key,
        std::size_t column)
{
    Key baseline = key;
    baseline[columns.baseline] = settings.baselineValue;
    const auto other = groups.rows.find(baseline);
    if (key == baseline || other == groups.rows.end())
    {
        return ComputeMeanInterval({});
    }
    return OfDifferences(ByRun(table, groups.rows.at(key), columns.pair, column),
                         ByRun(table, other->second, columns.pair, column));
}

} // namespace

std::string
IntervalsCsv(const CsvTable& table, const IntervalSettings& settings)
{
    const Columns columns = FindAllColumns(table, settings);
    const Groups groups = MakeGroups(table, columns.by);
    const bool compare = !settings.baselineColumn.empty();
    std::string csv;
    for (const std::string& name : settings.by)
    {
        csv += name + ",";
    }
    csv += "column,n,mean,low,high";
    csv += compare ? ",pairs,difference,difference_low,difference_high\n" : "\n";
    for (const Key& key : groups.keys)
    {
        for (std::size_t column : columns.values)
        {
            for (const std::string& field : key)
            {
                csv += field + ",";
            }
            csv += table.columns[column] + Fields(OfColumn(table, groups.rows.at(key), column));
            csv += compare ? Fields(Compare(table, groups, columns, settings, key, column)) : "";
            csv += "\n";
        }
    }
    return csv;
}

} // namespace ddnn::examples
