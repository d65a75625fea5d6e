// SPDX-License-Identifier: GPL-2.0-only
#include "attribute-options.h"

#include "attribute-value.h"
#include "program.h"

#include "ns3/command-line.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <stdexcept>

namespace ddnn::examples
{

namespace
{

/// Whether a text has a word, not only a longer one that begins with it.
bool
HasWord(const std::string& text, const std::string& word)
{
    const std::size_t begin = text.find(word);
    return begin != std::string::npos &&
           !std::isalnum(static_cast<unsigned char>(text[begin + word.size()]));
}

/// Options by which ns-3 prints something.
const std::set<std::string> PRINTING{"--PrintAttributes",
                                     "--PrintGlobals",
                                     "--PrintGroup",
                                     "--PrintGroups",
                                     "--PrintTypeIds",
                                     "--PrintVersion",
                                     "--version"};

/// Let ns-3 print what an option asks for, and exit.
void
PrintAndExit(const std::string& program, const std::string& option, const std::string& value)
{
    ns3::TypeId tid;
    if (option == "--PrintAttributes" && !ns3::TypeId::LookupByNameFailSafe(value, &tid))
    {
        // ns-3 would end the process
        throw std::runtime_error("ns-3 has no such class, see --PrintTypeIds");
    }
    ns3::CommandLine(program + ".cc")
        .Parse(std::vector<std::string>{program, option + "=" + value});
}

} // namespace

AttributeOptions::AttributeOptions(CLI::App& app)
    : m_app(app)
{
    app.allow_extras();
    app.footer("Attributes and global values of ns-3 are options, too:\n"
               "  --ns3::Class::Attribute=VALUE, --RngRun=VALUE, --PrintAttributes=ns3::Class, "
               "--PrintTypeIds, --PrintGlobals");
}

void
AttributeOptions::Add(const std::string& name, const std::string& path)
{
    const Attribute attribute = FindAttribute(path);
    const auto set = [this, path, name](const std::string& value) {
        Set(path, name, value.empty() ? "true" : value); // a flag may do without
    };
    CLI::Option* option =
        AddParsed(m_app, name, set, attribute.info.help + " (" + attribute.GetName() + ")");
    option->group("Attributes of ns-3");
    if (attribute.IsFlag())
    {
        option->expected(0, 1);
    }
    else
    {
        option->default_str(attribute.GetDefault());
    }
}

void
AttributeOptions::ParseExtras()
{
    for (const std::string& argument : m_app.remaining())
    {
        const std::size_t equals = std::min(argument.find('='), argument.size());
        const std::string option = argument.substr(0, equals);
        const std::string value =
            equals == argument.size() ? "true" : argument.substr(equals + 1); // a flag
        if (option.rfind("--", 0) != 0)
        {
            throw CLI::ExtrasError({argument});
        }
        try
        {
            if (PRINTING.count(option) > 0)
            {
                PrintAndExit(m_app.get_name(), option, value);
            }
            else if (option.find("::") != std::string::npos)
            {
                Set(option.substr(2), option, value);
            }
            else
            {
                SetGlobal(option.substr(2), value);
            }
        }
        catch (const std::runtime_error& e)
        {
            throw CLI::ValidationError(argument, e.what());
        }
    }
}

std::string
AttributeOptions::Blame(const std::string& error) const
{
    for (const Given& given : m_given)
    {
        if (HasWord(error, given.attribute) || HasWord(error, "'" + given.value + "'"))
        {
            return given.option + "=" + given.value + ": " + error;
        }
    }
    return error;
}

void
AttributeOptions::Set(const std::string& path, const std::string& option, const std::string& value)
{
    const Attribute attribute = FindAttribute(path);
    attribute.SetDefault(value);
    m_given.push_back({attribute.GetName(), option, value});
}

} // namespace ddnn::examples
