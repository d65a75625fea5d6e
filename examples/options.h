// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_OPTIONS_H
#define DDNN_EXAMPLES_OPTIONS_H

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ddnn::examples
{

/**
 * Options of a program in ns-3's style, `--name=value`, with ns-3's own among them: `--PrintHelp`
 * and its like, global values (`--RngRun=2`) and attributes (`--ns3::Class::Attribute=value`).
 *
 * An attribute's value becomes its default, as by Config::SetDefault, in the class that declares
 * it; where it holds a random variable, a number or a time with its unit is a constant. Unlike
 * ns3::CommandLine, a bad value never ends the process: it is one line that says what is accepted.
 * An option given twice has its last value, unless its parser adds to it.
 */
class Options
{
  public:
    /// Read a value from text; false: it is none.
    using Parser = std::function<bool(const std::string&)>;

    /**
     * \param program its name in the help text
     * \param usage what it does, the help text's first lines
     */
    Options(const std::string& program, const std::string& usage);

    /**
     * An option with a parser of its own. The functions below are made of it.
     * \param accepts what the help text and an error say of its values
     * \param byDefault the default as text, empty: none
     */
    void Add(const std::string& name,
             const std::string& help,
             const std::string& accepts,
             const std::string& byDefault,
             const Parser& parser);

    /// A whole number from `low` to `high`.
    void AddInt(const std::string& name, const std::string& help, int& target, int low, int high);

    /// A seed: any whole number that uint64_t holds.
    void AddSeed(const std::string& name, const std::string& help, uint64_t& target);

    /// A number from `low` to `high`.
    void AddDouble(const std::string& name,
                   const std::string& help,
                   double& target,
                   double low,
                   double high);

    /// Any text but the empty one.
    void AddString(const std::string& name, const std::string& help, std::string& target);

    /// `--name`, `--name=true` or `--name=false`.
    void AddFlag(const std::string& name, const std::string& help, bool& target);

    /// Numbers from `low` to `high`, separated by commas.
    void AddDoubles(const std::string& name,
                    const std::string& help,
                    std::vector<double>& target,
                    double low,
                    double high);

    /// Whole numbers from `low` to `high`, separated by commas.
    void AddInts(const std::string& name,
                 const std::string& help,
                 std::vector<int>& target,
                 int low,
                 int high);

    /// One of several words.
    template <typename Value>
    void AddChoice(const std::string& name,
                   const std::string& help,
                   Value& target,
                   const std::vector<std::pair<std::string, Value>>& choices);

    /**
     * A short name for an attribute of ns-3, with its help and default.
     * \param attribute like ns3::Class::Attribute
     * \throws std::runtime_error if there is none
     */
    void AddAttribute(const std::string& name, const std::string& attribute);

    /**
     * Set the targets, ns-3's global values and ns-3's attribute defaults. An option that asks for
     * something to be printed (`--PrintHelp`) prints it and exits with status 0.
     *
     * \throws std::runtime_error naming the first bad option, its value and what is accepted
     */
    void Parse(int argc, char* argv[]);

    /// Whether the option was given; ns-3's own too, and an attribute by either of its names.
    bool IsSet(const std::string& name) const;

    /// \throws std::runtime_error if one of the options was given, naming it and the reason
    void Refuse(const std::vector<std::string>& names, const std::string& reason) const;

    /**
     * \param error of code that knows attributes but no options
     * \return the same with the option before it whose attribute or value it names, if there is one
     */
    std::string Blame(const std::string& error) const;

  private:
    struct Option
    {
        std::string name;
        std::string help;
        std::string accepts;
        std::string byDefault;
        Parser parser;
        bool isFlag{false};
        std::string key{}; ///< of an attribute, its full name
    };

    Option Find(const std::string& name) const;
    std::string GetKey(const std::string& name) const;
    void ParseArgument(const std::string& argument);
    void PrintAndExit(const std::string& argument) const;

    std::string m_program;
    std::string m_usage;
    std::vector<Option> m_options;
    std::map<std::string, std::string> m_given; ///< arguments by their options' keys, else names
};

/**
 * Run the body of a program. An exception becomes one line on the standard error, `program:
 * message`, and so does a standard output that cannot be written.
 *
 * \return the exit status: that of the body, or 1
 */
int RunMain(const std::string& program, const std::function<int()>& body);

template <typename Value>
void
Options::AddChoice(const std::string& name,
                   const std::string& help,
                   Value& target,
                   const std::vector<std::pair<std::string, Value>>& choices)
{
    std::string accepts;
    std::string byDefault;
    for (const auto& [word, value] : choices)
    {
        accepts += (accepts.empty() ? "" : " or ") + word;
        byDefault = value == target ? word : byDefault;
    }
    Add(name, help, accepts, byDefault, [&target, choices](const std::string& text) {
        for (const auto& [word, value] : choices)
        {
            if (word == text)
            {
                target = value;
                return true;
            }
        }
        return false;
    });
}

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_OPTIONS_H
