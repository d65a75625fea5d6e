// SPDX-License-Identifier: GPL-2.0-only
// The manual's list of attributes and trace sources is what the TypeIds say.
#include "contrib-ddnn/data/atomic-file.h"
#include "test/support/test-support.h"

#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-scenario.h"

#include "ns3/nstime.h"
#include "ns3/type-id.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

/// A default value in the units that people read.
std::string
GetDefault(const TypeId::AttributeInformation& attribute)
{
    std::ostringstream text;
    if (const auto time = DynamicCast<const TimeValue>(attribute.originalInitialValue))
    {
        text << time->Get().As();
        return time->Get().IsZero() ? "0s" : text.str().substr(text.str().front() == '+' ? 1 : 0);
    }
    return attribute.originalInitialValue->SerializeToString(attribute.checker);
}

/// An entry of a definition list, its text in lines of at most 105 characters.
std::string
Entry(const std::string& term, const std::string& definition)
{
    std::string lines = term + "\n";
    std::string line = "   ";
    std::istringstream words(definition);
    for (std::string word; words >> word;)
    {
        if (line.size() + 1 + word.size() > 105)
        {
            lines += line + "\n";
            line = "   ";
        }
        line += " " + word;
    }
    return lines + line + "\n\n";
}

std::string
Describe(TypeId type)
{
    std::string text;
    for (std::size_t i = 0; i < type.GetAttributeN(); ++i)
    {
        const TypeId::AttributeInformation attribute = type.GetAttribute(i);
        const bool isSet = (attribute.flags & (TypeId::ATTR_SET | TypeId::ATTR_CONSTRUCT)) != 0;
        const std::string value = isSet ? GetDefault(attribute) : "to read";
        const std::string shown = value.empty() ? "" : " (" + value + ")";
        text += Entry("``" + attribute.name + "``" + shown, attribute.help);
    }
    for (std::size_t i = 0; i < type.GetTraceSourceN(); ++i)
    {
        const TypeId::TraceSourceInformation source = type.GetTraceSource(i);
        text +=
            Entry("Trace source ``" + source.name + "``, ``" + source.callback + "``", source.help);
    }
    if (text.empty())
    {
        return "";
    }
    const std::string name = type.GetName();
    const std::string parent = type.GetParent().GetName();
    const bool inherits = parent.rfind("ns3::Ddnn", 0) == 0;
    return name + "\n" + std::string(name.size(), '~') + "\n\n" +
           (inherits ? "With all of " + parent + ".\n\n" : "") + text;
}

} // namespace

TEST(Manual, ListsEveryAttributeAndTraceSource)
{
    std::vector<std::string> classes;
    for (uint16_t i = 0; i < TypeId::GetRegisteredN(); ++i)
    {
        const TypeId type = TypeId::GetRegistered(i);
        if (type.GetGroupName() == "Ddnn")
        {
            classes.push_back(Describe(type));
        }
    }
    std::sort(classes.begin(), classes.end());
    std::string expected;
    for (const std::string& text : classes)
    {
        expected += text;
    }
    std::stringstream manual;
    manual << std::ifstream(ddnn::test::SourcePath("doc/ddnn.rst")).rdbuf();
    const std::string heading = "List of attributes and trace sources\n";
    const std::string text = manual.str();
    const std::size_t begin = text.find(heading) + 2 * heading.size() + 1; // and the line below it
    const std::string found = text.substr(begin, text.find("References\n---") - begin);
    const std::string list = "attributes.rst";
    ddnn::WriteFileAtomically(list, expected);
    EXPECT_TRUE(found == expected)
        << "The list as it should be is in " << list << " of the build folder.";
}
