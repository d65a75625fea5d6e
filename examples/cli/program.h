// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_PROGRAM_H
#define DDNN_EXAMPLES_PROGRAM_H

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

namespace ddnn::examples
{

/**
 * Run the body of a program, which adds its options to the application, parses and works. An
 * exception becomes one line on the standard error, `program: message`, and so does a standard
 * output that cannot be written. Of an option given twice, the last value counts.
 *
 * \return the exit status: that of the body, or 1
 */
int RunMain(const std::string& program,
            const std::string& description,
            const std::function<int(CLI::App&)>& body);

/// An option whose values a function reads; what the function throws names the option.
CLI::Option* AddParsed(CLI::App& app,
                       const std::string& name,
                       const std::function<void(const std::string&)>& parse,
                       const std::string& help);

/// An option for one of several words.
template <typename Value>
CLI::Option*
AddChoice(CLI::App& app,
          const std::string& name,
          Value& target,
          const std::string& help,
          const std::map<std::string, Value>& values)
{
    const auto set = [&target, values](const std::string& word) {
        target = values.at(word);
    };
    CLI::Option* option = app.add_option_function<std::string>(name, set, help);
    for (const auto& [word, value] : values)
    {
        if (value == target)
        {
            option->default_str(word);
        }
    }
    return option->check(CLI::IsMember(values));
}

/// Decimal numbers of a range; CLI::Range takes "nan", and takes "010" for 8.
template <typename Number>
CLI::Validator
Within(Number low, Number high)
{
    const std::string range = CLI::detail::to_string(low) + " to " + CLI::detail::to_string(high);
    const auto check = [low, high, range](std::string& text) -> std::string {
        Number number{};
        const char* end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data(), end, number);
        const bool isRead = error == std::errc() && rest == end;
        const std::string problem = "'" + text + "' is no number from " + range;
        text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
        return isRead && number >= low && number <= high ? "" : problem;
    };
    return CLI::Validator(check, range);
}

/// An option for a number from `low` to `high`.
template <typename Number>
CLI::Option*
AddNumber(CLI::App& app,
          const std::string& name,
          Number& target,
          std::common_type_t<Number> low,
          std::common_type_t<Number> high,
          const std::string& help)
{
    return app.add_option(name, target, help)->transform(Within(low, high));
}

/// An option for numbers from 0 to `high`, separated by commas.
template <typename Number>
CLI::Option*
AddList(CLI::App& app,
        const std::string& name,
        std::vector<Number>& target,
        std::common_type_t<Number> high,
        const std::string& help)
{
    CLI::Option* option = app.add_option(name, target, help)->delimiter(',');
    return option->allow_extra_args(false)->transform(Within(Number{0}, high));
}

/**
 * \param which names of options, or of groups of options
 * \throws CLI::ValidationError if one of them was given, naming it and the reason
 */
void Refuse(const CLI::App& app, const std::vector<std::string>& which, const std::string& reason);

/// Before long work: \throws std::runtime_error if a file could not be written
void CheckWritable(const std::string& file);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_PROGRAM_H
