// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_ATTRIBUTE_OPTIONS_H
#define DDNN_EXAMPLES_ATTRIBUTE_OPTIONS_H

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

namespace ddnn::examples
{

/**
 * Options of a program that set attributes of ns-3, by short names or as
 * `--ns3::Class::Attribute=value`, and those of ns-3 itself: global values (`--RngRun=2`) and
 * `--PrintAttributes=...` and its like.
 */
class AttributeOptions
{
  public:
    explicit AttributeOptions(CLI::App& app);

    /**
     * A short name for an attribute, with its help and default.
     * \param path like ns3::Class::Attribute
     * \throws std::runtime_error if there is none
     */
    void Add(const std::string& name, const std::string& path);

    /**
     * Parse what the application has no options for. An option that asks for something to be
     * printed prints it and exits with status 0.
     * \throws std::runtime_error naming the first bad option
     */
    void ParseExtras();

    /**
     * \param error of code that knows attributes but no options
     * \return the same with the option before it whose attribute or value it names, if there is one
     */
    std::string Blame(const std::string& error) const;

  private:
    /// Set an attribute and remember the option for Blame.
    void Set(const std::string& path, const std::string& option, const std::string& value);

    struct Given
    {
        std::string attribute;
        std::string option;
        std::string value;
    };

    CLI::App& m_app;
    std::vector<Given> m_given;
};

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_ATTRIBUTE_OPTIONS_H
