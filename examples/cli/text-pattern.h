// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_TEXT_PATTERN_H
#define DDNN_EXAMPLES_TEXT_PATTERN_H

#include <string>

namespace ddnn::examples
{

/// Whether an extended regular expression of POSIX matches a whole text of at most 1000 characters.
bool Matches(const std::string& text, const std::string& expression);

/// The texts of a type of attribute value that ns-3's own parser reads as a whole and survives.
struct TextPattern
{
    std::string what; ///< for an error
    std::string expression;
    bool (*condition)(const std::string&){nullptr}; ///< beyond the expression

    bool Accepts(const std::string& text) const;
};

/**
 * \param type the name of the class of the attribute value, like TimeValue
 * \return nullptr if there is no pattern for it
 */
const TextPattern* FindPattern(const std::string& type);

/// \param time a text that the pattern of TimeValue accepts
double GetSeconds(const std::string& time);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_TEXT_PATTERN_H
