// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_CSV_TABLE_H
#define DDNN_EXAMPLES_CSV_TABLE_H

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ddnn::examples
{

/// A CSV file as text: one header line, no quotes.
struct CsvTable
{
    std::string path;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows; ///< as many fields in each as there are columns
};

/// \throws std::runtime_error naming file and line if it cannot be read or is no such file
CsvTable ReadCsv(const std::string& path);

/// The index of a column.
/// \param option that asks for it, for the message
/// \throws std::runtime_error if there is none, naming those that there are
std::size_t FindColumn(const CsvTable& table, const std::string& name, const std::string& option);

/// A field's number; none: the field is empty.
/// \throws std::runtime_error naming file, line and column if it is no number
std::optional<double> NumberAt(const CsvTable& table, std::size_t row, std::size_t column);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_CSV_TABLE_H
