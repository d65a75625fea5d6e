// SPDX-License-Identifier: GPL-2.0-only
#include "attribute-value.h"

#include "ns3/attribute-container.h"
#include "ns3/ddnn-attributes.h"
#include "ns3/global-value.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/pointer.h"
#include "ns3/string.h"
#include "ns3/tuple.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <cmath>
#include <iomanip>
#include <map>
#include <optional>
#include <regex.h> // std::regex of a strict C++ mode disturbs that of libns3-topology-read
#include <sstream>
#include <stdexcept>

/*
 * At a bad value ns-3 refuses, reads a part of it, ends the process or crashes, which depends on
 * the type. So each text is checked before ns-3 reads it; then the attribute's checker decides on
 * the bounds.
 */
namespace ddnn::examples
{

namespace
{

using Checker = ns3::Ptr<const ns3::AttributeChecker>;
using Value = ns3::Ptr<const ns3::AttributeValue>;

/// Where the seeds that ns-3's generator accepts end: its smaller modulus.
constexpr unsigned long SEED_END = 4294944443;

/// The texts of a type of attribute value that ns-3's own parser reads as a whole and survives.
struct Pattern
{
    std::string what; ///< for an error
    std::string expression;
    bool (*condition)(const std::string&){nullptr}; ///< beyond the expression
};

// digits are limited so that neither a double nor ns-3's integers overflow
const std::string FRACTION = "([.][0-9]{0,20})?";
const std::string NUMBER =
    "[+-]?([0-9]{1,20}" + FRACTION + "|[.][0-9]{1,20})([eE][+-]?[0-9]{1,2})?";

/// \param time a text that the pattern of TimeValue accepts, but for its length
double
GetSeconds(const std::string& time)
{
    const std::string unit = time.substr(time.find_last_of("0123456789.") + 1);
    return std::stod(time) * (unit == "ps" ? 1e-12 : 1e-9 * ns3::Time("1" + unit).GetNanoSeconds());
}

template <int FAMILY>
bool
IsIpAddress(const std::string& address)
{
    in6_addr bytes;
    return inet_pton(FAMILY, address.c_str(), &bytes) == 1;
}

const std::map<std::string, Pattern> PATTERNS{
    {"BooleanValue", {"true or false", "true|false|t|f|1|0"}},
    {"UintegerValue", {"a whole number", "[0-9]{1,20}"}},
    {"IntegerValue", {"a whole number", "[+-]?[0-9]{1,19}"}},
    {"DoubleValue", {"a number", NUMBER + "|" + NUMBER + "[0-9]"}},
    {"TimeValue",
     {"a time with its unit, like 20ms, of at most 1e6s",
      NUMBER + "(ps|ns|us|ms|s|min|h|d|y)?",
      [](const std::string& time) {
          return std::abs(GetSeconds(time)) <= 1e6;
      }}},
    {"DataRateValue",
     {"a rate with its unit, like 10Mbps, below 1000Gbps",
      "[0-9]{1,12}" + FRACTION + "([bB](ps|/s))?|([0-9]{1,9}" + FRACTION + "[kK]|[0-9]{1,6}" +
          FRACTION + "M|[0-9]{1,3}" + FRACTION + "G)i?[bB](ps|/s)"}},
    {"QueueSizeValue",
     {"a number of packets or bytes, like 100p or 64kB, below 1000Mp or 1000MB",
      "[0-9]{1,9}[pB]|[0-9]{1,6}([kK]|Ki)[pB]|[0-9]{1,3}Mi?[pB]"}},
    {"Ipv4AddressValue", {"an IPv4 address", "[0-9.]+", IsIpAddress<AF_INET>}},
    {"Ipv6AddressValue", {"an IPv6 address", "[0-9a-fA-F:]+", IsIpAddress<AF_INET6>}},
    {"Mac48AddressValue",
     {"an address like 00:00:00:00:00:01", "[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}"}},
    {"SsidValue", {"1 to 31 characters without spaces", "[^[:space:]]{1,31}"}},
    {"WifiModeValue",
     {"a mode of Wi-Fi, like HtMcs3 or OfdmRate6Mbps",
      "DsssRate(1|2|5_5|11)Mbps|(Erp)?OfdmRate(6|9|12|18|24|36|48|54)Mbps|"
      "OfdmRate(3|4_5|6|9|12|18|24|27)MbpsBW10MHz|"
      "OfdmRate(1_5|2_25|3|4_5|6|9|12|13_5)MbpsBW5MHz|"
      "HtMcs([12]?[0-9]|3[01])|VhtMcs[0-9]|HeMcs([0-9]|1[01])|EhtMcs([0-9]|1[0-3])"}},
    {"Vector3DValue", {"three numbers like 0:1.5:0", NUMBER + "(:" + NUMBER + "){2}"}},
    {"RectangleValue", {"four numbers like -1|1|-1|1", NUMBER + "([|]" + NUMBER + "){3}"}},
    {"BoxValue", {"six numbers like -1|1|-1|1|0|1", NUMBER + "([|]" + NUMBER + "){5}"}},
};

void
Require(bool isGood, const std::string& message)
{
    if (!isGood)
    {
        throw std::runtime_error(message);
    }
}

/// Whether the whole of a text matches a pattern.
bool
Matches(const std::string& text, const Pattern& pattern)
{
    regex_t regex;
    regcomp(&regex, ("^(" + pattern.expression + ")$").c_str(), REG_EXTENDED | REG_NOSUB);
    const bool isMatch = text.size() <= 1000 && regexec(&regex, text.c_str(), 0, nullptr, 0) == 0;
    regfree(&regex);
    return isMatch && (!pattern.condition || pattern.condition(text));
}

/// The name of the value's class without namespace, which newer releases have, and parameters.
std::string
GetKind(const Checker& checker)
{
    const std::string name = checker->GetValueTypeName();
    const std::size_t begin = name.rfind("ns3::", 0) == 0 ? 5 : 0;
    return name.substr(begin, name.find('<') - begin);
}

/// The class of the objects to which an attribute points.
ns3::TypeId
GetPointee(const Checker& checker)
{
    return dynamic_cast<const ns3::PointerChecker&>(*checker).GetPointeeTypeId();
}

/// \throws std::runtime_error if the class is not related to the default below ns3::Object
void
CheckClass(const std::string& name, const std::string& byDefault)
{
    ns3::TypeId base = ns3::Object::GetTypeId();
    ns3::TypeId::LookupByNameFailSafe(byDefault, &base);
    const bool isCreated = base.HasConstructor(); // a socket factory, for example, is not
    while (base.HasParent() && base.GetParent() != ns3::Object::GetTypeId())
    {
        base = base.GetParent();
    }
    ns3::FindClass(name, base, isCreated);
}

Value MakeValue(const Checker& checker, const std::string& byDefault, const std::string& text);

/// \throws std::runtime_error if the text does not describe an object of a class
void
CheckObject(const std::string& text, ns3::TypeId base)
{
    const ns3::ObjectText object = ns3::ReadObjectText(text, base);
    for (const auto& [name, value] : object.values)
    {
        const Attribute attribute = FindAttribute(object.type.GetName() + "::" + name);
        MakeValue(attribute.info.checker, attribute.GetDefault(), value);
    }
}

/// How texts of an attribute value look; no pattern leaves it to other checks.
std::optional<Pattern>
GetPattern(const Checker& checker)
{
    const std::string kind = GetKind(checker);
    const std::string type = checker->GetUnderlyingTypeInformation();
    if (kind == "EnumValue")
    {
        std::string words; // with bars between them
        for (const char c : type)
        {
            words += std::isalnum(c) || c == '|' ? std::string(1, c) : std::string{'[', c, ']'};
        }
        return Pattern{"one of " + type, words};
    }
    if (kind == "TupleValue")
    {
        std::string items;
        for (const auto& item : dynamic_cast<const ns3::TupleChecker&>(*checker).GetCheckers())
        {
            const auto pattern = GetPattern(item);
            Require(pattern.has_value(), "has an item that cannot be given as text");
            items += (items.empty() ? "(" : ", *(") + pattern->expression + ")";
        }
        return Pattern{"values like {1, 2}", "[{]" + items + "[}]"};
    }
    if (kind == "AttributeContainerValue")
    {
        const auto& container = dynamic_cast<const ns3::AttributeContainerChecker&>(*checker);
        Require(GetKind(container.GetItemChecker()) == "TupleValue",
                "is a list that cannot be given as text");
        const std::string item = GetPattern(container.GetItemChecker())->expression;
        return Pattern{"values like {1, 2}", item + "(; *" + item + ")*"};
    }
    const auto pattern = PATTERNS.find(kind);
    return pattern == PATTERNS.end() ? std::nullopt : std::optional(pattern->second);
}

/**
 * The value that a text stands for. A pointer stays text, so that each object whose default it
 * becomes creates an object of its own; they would share it otherwise.
 *
 * \param byDefault the attribute's default as text
 * \throws std::runtime_error that says what is accepted
 */
Value
MakeValue(const Checker& checker, const std::string& byDefault, const std::string& text)
{
    const std::string kind = GetKind(checker);
    const std::string type = checker->GetUnderlyingTypeInformation();
    const auto pattern = GetPattern(checker);
    if (kind == "PointerValue")
    {
        CheckObject(text, GetPointee(checker));
        return ns3::Create<ns3::StringValue>(text);
    }
    if (kind == "ObjectFactoryValue")
    {
        CheckObject(text, ns3::Object::GetTypeId());
    }
    else if (kind == "TypeIdValue")
    {
        CheckClass(text, byDefault);
    }
    else
    {
        Require(pattern || kind == "StringValue", "ns-3's " + kind + " cannot be given as text");
    }
    const Value value = !pattern || Matches(text, *pattern)
                            ? checker->CreateValidValue(ns3::StringValue(text))
                            : nullptr;
    const bool hasBounds = type.find(':') != std::string::npos;
    Require(value != nullptr,
            "must be " + (pattern ? pattern->what : "another value") +
                (hasBounds ? " (" + type + ")" : ""));
    return value;
}

/// Make a random variable of a number or a time; the name of a class stays.
std::string
MakeConstant(const std::string& text)
{
    const bool isNumber = Matches(text, PATTERNS.at("DoubleValue"));
    if (!isNumber && !Matches(text, PATTERNS.at("TimeValue")))
    {
        Require(text.find("::") != std::string::npos,
                "must be a number, a time or like ns3::UniformRandomVariable[Min=1|Max=2]");
        return text;
    }
    std::ostringstream seconds; // 15 digits do not show the rounding of the unit
    seconds << std::setprecision(15) << (isNumber ? 0 : GetSeconds(text));
    return "ns3::ConstantRandomVariable[Constant=" + (isNumber ? text : seconds.str()) + "]";
}

} // namespace

std::string
Attribute::GetName() const
{
    return declaredBy.GetAttributeFullName(index);
}

bool
Attribute::IsFlag() const
{
    return GetKind(info.checker) == "BooleanValue";
}

std::string
Attribute::GetDefault() const
{
    if (const auto time = ns3::DynamicCast<const ns3::TimeValue>(info.initialValue))
    {
        std::ostringstream text;
        text << time->Get().As(); // in the unit that suits it
        return time->Get().IsZero() ? "0s" : text.str().substr(text.str().front() == '+' ? 1 : 0);
    }
    return info.initialValue->SerializeToString(info.checker);
}

void
Attribute::SetDefault(const std::string& text) const
{
    const bool isRandom = GetKind(info.checker) == "PointerValue" &&
                          GetPointee(info.checker).GetName() == "ns3::RandomVariableStream";
    const std::string value = isRandom ? MakeConstant(text) : text;
    ns3::TypeId(declaredBy)
        .SetAttributeInitialValue(index, MakeValue(info.checker, GetDefault(), value));
}

Attribute
FindAttribute(const std::string& path)
{
    const std::size_t separator = path.rfind("::");
    const std::string name = path.substr(separator + 2);
    ns3::TypeId tid;
    Require(ns3::TypeId::LookupByNameFailSafe(path.substr(0, separator), &tid),
            "ns-3 has no class '" + path.substr(0, separator) + "', see --PrintTypeIds");
    for (ns3::TypeId declaredBy = tid;; declaredBy = declaredBy.GetParent())
    {
        for (std::size_t i = 0; i < declaredBy.GetAttributeN(); ++i)
        {
            const ns3::TypeId::AttributeInformation info = declaredBy.GetAttribute(i);
            if (info.name == name)
            {
                Require((info.flags & ns3::TypeId::ATTR_CONSTRUCT) && info.accessor->HasSetter(),
                        path + " cannot be set when an object is created");
                Require(info.supportLevel == ns3::TypeId::SupportLevel::SUPPORTED,
                        path + " is deprecated: " + info.supportMsg);
                return {declaredBy, i, info};
            }
        }
        Require(declaredBy.HasParent(),
                tid.GetName() + " has no attribute '" + name +
                    "', see --PrintAttributes=" + tid.GetName());
    }
}

void
SetGlobal(const std::string& name, const std::string& text)
{
    const auto end = ns3::GlobalValue::End();
    const auto global = std::find_if(ns3::GlobalValue::Begin(), end, [&](const auto* value) {
        return value->GetName() == name;
    });
    Require(global != end, "unknown option, see --help and --PrintGlobals");
    ns3::StringValue byDefault;
    (*global)->GetValue(byDefault);
    if (name == "SimulatorImplementationType") // a text for ns-3
    {
        CheckClass(text, byDefault.Get());
    }
    const Value value = MakeValue((*global)->GetChecker(), byDefault.Get(), text);
    Require(name != "RngSeed" || (std::stoul(text) > 0 && std::stoul(text) < SEED_END),
            "must be a whole number from 1 to " + std::to_string(SEED_END - 1));
    (*global)->SetValue(*value);
}

} // namespace ddnn::examples
