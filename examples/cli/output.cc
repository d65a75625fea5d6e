// SPDX-License-Identifier: GPL-2.0-only
#include "output.h"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <unistd.h>

namespace ddnn::examples
{

std::string
Fixed(double value, int decimals)
{
    std::ostringstream text;
    text << std::fixed << std::setprecision(decimals) << value;
    return text.str();
}

std::string
Short(double value)
{
    std::ostringstream text;
    text << value;
    return text.str();
}

std::string
Percent(double fraction)
{
    return Fixed(100 * fraction, 2) + "%";
}

std::string
Plural(std::size_t count, const std::string& word)
{
    return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

std::string
Table(const std::vector<std::vector<std::string>>& rows, const std::vector<std::size_t>& left)
{
    std::vector<std::size_t> widths(rows.at(0).size());
    for (const auto& row : rows)
    {
        for (std::size_t i = 0; i < row.size(); ++i)
        {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string text;
    for (const auto& row : rows)
    {
        for (std::size_t i = 0; i < row.size(); ++i)
        {
            const bool isLeft = std::count(left.begin(), left.end(), i) > 0;
            const std::string space(widths[i] - row[i].size(), ' ');
            text += (i > 0 ? "  " : "") + (isLeft ? row[i] + space : space + row[i]);
        }
        text.erase(text.find_last_not_of(' ') + 1);
        text += "\n";
    }
    return text;
}

Progress::Progress(bool enabled)
    : m_enabled(enabled && isatty(STDERR_FILENO))
{
}

Progress::~Progress()
{
    Clear();
}

void
Progress::Show(double fraction, const std::string& text) const
{
    if (m_enabled)
    {
        const int done = static_cast<int>(10 * std::clamp(fraction, 0.0, 1.0));
        Clear();
        // without line wrap, so that a narrow terminal shows the beginning
        std::cerr << "\033[?7l[" << std::string(done, '#') << std::string(10 - done, '.') << "] "
                  << text << "\033[?7h" << std::flush;
    }
}

void
Progress::Clear() const
{
    if (m_enabled)
    {
        std::cerr << "\r\033[K" << std::flush; // erases the line
    }
}

} // namespace ddnn::examples
