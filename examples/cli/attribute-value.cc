// SPDX-License-Identifier: GPL-2.0-only
#include "attribute-value.h"

#include "text-pattern.h"

#include "ns3/attribute-container.h"
#include "ns3/ddnn-attributes.h"
#include "ns3/global-value.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/pointer.h"
#include "ns3/string.h"
#include "ns3/tuple.h"

#include <algorithm>
#include <iomanip>
#include <sstream>
#include <stdexcept>
#include <vector>

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

void
Require(bool isGood, const std::string& message)
{
    if (!isGood)
    {
        throw std::runtime_error(message);
    }
}

std::vector<std::string>
Split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);)
    {
        parts.push_back(part);
    }
    return parts;
}

/// The name of the value's class without namespace, which newer releases have, and parameters.
std::string
GetKind(const Checker& checker)
{
    const std::string name = checker->GetValueTypeName();
    const std::size_t begin = name.rfind("ns3::", 0) == 0 ? 5 : 0;
    return name.substr(begin, name.find('<') - begin);
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

/// The class of the objects to which an attribute points.
ns3::TypeId
GetPointee(const Checker& checker)
{
    return dynamic_cast<const ns3::PointerChecker&>(*checker).GetPointeeTypeId();
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

/// \throws std::runtime_error if the text is not one like {1, 2}
void
CheckTuple(const std::string& text, const Checker& checker)
{
    const auto& checkers = dynamic_cast<const ns3::TupleChecker&>(*checker).GetCheckers();
    Require(Matches(text, "[{].*[}]"), "must be values like {1, 2}");
    const std::vector<std::string> parts = Split(text.substr(1, text.size() - 2), ',');
    Require(parts.size() == checkers.size(),
            "must be " + std::to_string(checkers.size()) + " values like {1, 2}");
    for (std::size_t i = 0; i < parts.size(); ++i)
    {
        const std::size_t begin = std::min(parts[i].find_first_not_of(' '), parts[i].size());
        MakeValue(checkers[i], "", parts[i].substr(begin));
    }
}

/// \throws std::runtime_error if there is no item or the items are no tuples
void
CheckTuples(const std::string& text, const Checker& checker)
{
    const auto item =
        dynamic_cast<const ns3::AttributeContainerChecker&>(*checker).GetItemChecker();
    Require(GetKind(item) == "TupleValue" && !text.empty(),
            "must be values like {1, 2}, separated by semicolons; other lists cannot be given");
    for (const std::string& tuple : Split(text, ';'))
    {
        CheckTuple(tuple, item);
    }
}

/// \throws std::runtime_error if the text does not match the pattern of its type
void
CheckPattern(const std::string& text, const Checker& checker)
{
    const TextPattern* pattern = FindPattern(GetKind(checker));
    Require(pattern, "ns-3's " + GetKind(checker) + " cannot be given as text");
    const std::string type = checker->GetUnderlyingTypeInformation();
    const std::string bounds = type.find(':') == std::string::npos ? "" : " (" + type + ")";
    Require(pattern->Accepts(text) && checker->CreateValidValue(ns3::StringValue(text)),
            "must be " + pattern->what + bounds);
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
    else if (kind == "EnumValue")
    {
        const std::string words = checker->GetUnderlyingTypeInformation();
        const std::vector<std::string> known = Split(words, '|');
        Require(std::count(known.begin(), known.end(), text) > 0, "must be one of " + words);
    }
    else if (kind == "TupleValue")
    {
        CheckTuple(text, checker);
    }
    else if (kind == "AttributeContainerValue")
    {
        CheckTuples(text, checker);
    }
    else if (kind != "StringValue")
    {
        CheckPattern(text, checker);
    }
    const Value value = checker->CreateValidValue(ns3::StringValue(text));
    Require(value != nullptr, "is refused by ns-3");
    return value;
}

/// Make a random variable of a number or a time; the name of a class stays.
std::string
MakeConstant(const std::string& text)
{
    const bool isNumber = FindPattern("DoubleValue")->Accepts(text);
    if (!isNumber && !FindPattern("TimeValue")->Accepts(text))
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
    Require(global != end, "unknown option, see --PrintHelp");
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
