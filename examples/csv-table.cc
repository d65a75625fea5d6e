// SPDX-License-Identifier: GPL-2.0-only
#include "csv-table.h"

#include "option-values.h"
#include "output.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <stdexcept>

namespace ddnn::examples
{

namespace
{

std::vector<std::string>
Split(const std::string& line)
{
    std::vector<std::string> fields;
    std::size_t begin = 0;
    while (begin <= line.size())
    {
        const std::size_t end = std::min(line.find(',', begin), line.size());
        fields.push_back(line.substr(begin, end - begin));
        begin = end + 1;
    }
    return fields;
}

/// A row's place in the file.
std::string
Line(const CsvTable& table, std::size_t row)
{
    return table.path + ":" + std::to_string(row + 2);
}

} // namespace

CsvTable
ReadCsv(const std::string& path)
{
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line))
    {
        const std::string reason = file.is_open() ? "no header line" : std::strerror(errno);
        throw std::runtime_error(path + ": " + reason + ", a CSV file is needed");
    }
    CsvTable table{path, Split(line), {}};
    while (std::getline(file, line))
    {
        table.rows.push_back(Split(line));
        const std::string place = Line(table, table.rows.size() - 1);
        if (line.find('"') != std::string::npos)
        {
            throw std::runtime_error(place + ": has a quote, fields must be plain");
        }
        if (table.rows.back().size() != table.columns.size())
        {
            throw std::runtime_error(place + ": has " + Plural(table.rows.back().size(), "field") +
                                     ", the header has " + std::to_string(table.columns.size()));
        }
    }
    return table;
}

std::size_t
FindColumn(const CsvTable& table, const std::string& name, const std::string& option)
{
    const auto found = std::find(table.columns.begin(), table.columns.end(), name);
    if (found == table.columns.end())
    {
        throw std::runtime_error(option + "=" + name + ": " + table.path + " has the columns " +
                                 ToText(table.columns));
    }
    return found - table.columns.begin();
}

std::optional<double>
NumberAt(const CsvTable& table, std::size_t row, std::size_t column)
{
    constexpr double MOST = std::numeric_limits<double>::max();
    const std::string& text = table.rows[row][column];
    double number = 0;
    if (text.empty())
    {
        return std::nullopt;
    }
    if (!ParseNumber(text, -MOST, MOST, number))
    {
        throw std::runtime_error(Line(table, row) + ": " + table.columns[column] + " is '" + text +
                                 "', a number is needed; name the columns by --values");
    }
    return number;
}

} // namespace ddnn::examples
