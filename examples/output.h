// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_OUTPUT_H
#define DDNN_EXAMPLES_OUTPUT_H

#include <cstddef>
#include <string>

namespace ddnn::examples
{

/// Before long work: \throws std::runtime_error if the file could not be written
void CheckFileWritable(const std::string& option, const std::string& path);

/// Before long work: \throws std::runtime_error if the folder, which need not exist yet, could not
/// be created or written in
void CheckFolderWritable(const std::string& option, const std::string& path);

/// printf's "%.*f".
std::string Fixed(double value, int decimals);

/// A fraction as a percentage, like 97.66%.
std::string Percent(double fraction);

/// A text padded with spaces to a width, to the left or right end of a column.
std::string Left(const std::string& text, std::size_t width);
std::string Right(const std::string& text, std::size_t width);

/// Like "1 device" or "6 devices".
std::string Plural(std::size_t count, const std::string& word);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_OUTPUT_H
