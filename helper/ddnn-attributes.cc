// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-attributes.h"

#include "ns3/abort.h"
#include "ns3/object-factory.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-stream.h"

#include <functional>
#include <set>
#include <sstream>
#include <stdexcept>

namespace ns3
{

namespace
{

/// Aggregated to an object: names of attributes that SetGiven has set.
class GivenAttributes : public Object
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::DdnnGivenAttributes").SetParent<Object>();
        return tid;
    }

    std::set<std::string> names;
};

void
Require(bool isGood, const std::string& message)
{
    if (!isGood)
    {
        throw std::runtime_error(message);
    }
}

bool
IsDefaultUnchanged(TypeId type, const std::string& attribute)
{
    TypeId::AttributeInformation information;
    NS_ABORT_MSG_IF(!type.LookupAttributeByName(attribute, &information),
                    type.GetName() << " has no attribute " << attribute);
    return information.initialValue == information.originalInitialValue;
}

/// Call a function for each attribute of an object's class, inherited ones included.
void
ForEachAttribute(const ObjectBase& object,
                 const std::function<void(const TypeId::AttributeInformation&)>& function)
{
    for (TypeId type = object.GetInstanceTypeId();; type = type.GetParent())
    {
        for (std::size_t i = 0; i < type.GetAttributeN(); ++i)
        {
            function(type.GetAttribute(i));
        }
        if (!type.HasParent())
        {
            return;
        }
    }
}

Ptr<RandomVariableStream>
Copy(const RandomVariableStream& original)
{
    ObjectFactory factory(original.GetInstanceTypeId().GetName());
    const auto copy = factory.Create<RandomVariableStream>();
    ForEachAttribute(original, [&](const TypeId::AttributeInformation& attribute) {
        const Ptr<AttributeValue> value = attribute.checker->Create();
        if (original.GetAttributeFailSafe(attribute.name, *value))
        {
            copy->SetAttributeFailSafe(attribute.name, *value);
        }
    });
    return copy;
}

} // namespace

bool
IsDefaultUnchanged(const std::string& typeName, const std::string& attribute)
{
    return IsDefaultUnchanged(TypeId::LookupByName(typeName), attribute);
}

void
CheckUnset(TypeId type, const std::string& reason)
{
    for (std::size_t i = 0; i < type.GetAttributeN(); ++i)
    {
        if (!IsDefaultUnchanged(type, type.GetAttribute(i).name))
        {
            throw std::runtime_error(type.GetAttributeFullName(i) + " has no effect: " + reason);
        }
    }
}

void
SetGiven(Object& object, const std::string& attribute, const AttributeValue& value)
{
    if (!object.GetObject<GivenAttributes>())
    {
        object.AggregateObject(CreateObject<GivenAttributes>());
    }
    object.GetObject<GivenAttributes>()->names.insert(attribute);
    object.SetAttribute(attribute, value);
}

void
SetComputed(Object& object, const std::string& attribute, const AttributeValue& value)
{
    const auto given = object.GetObject<GivenAttributes>();
    if (IsDefaultUnchanged(object.GetInstanceTypeId(), attribute) &&
        !(given && given->names.count(attribute) > 0))
    {
        object.SetAttribute(attribute, value);
    }
}

TypeId
FindClass(const std::string& name, TypeId base, bool isCreated)
{
    TypeId tid;
    Require(name.find(' ') == std::string::npos && TypeId::LookupByNameFailSafe(name, &tid) &&
                (tid == base || tid.IsChildOf(base)) && (tid.HasConstructor() || !isCreated),
            "there is no class '" + name + "' derived from " + base.GetName() +
                (isCreated ? " that can be created" : "") + ", see --PrintTypeIds");
    return tid;
}

ObjectText
ReadObjectText(const std::string& text, TypeId base)
{
    const std::size_t end = text.find_first_of("[] \t\n\v\f\r"); // of the class
    const bool hasValues = end != std::string::npos;
    Require(end > 0 && !text.empty() &&
                (!hasValues || (text[end] == '[' && text.back() == ']' &&
                                text.find_first_of("[] \t\n\v\f\r", end + 1) == text.size() - 1)),
            "must be an object of " + base.GetName() +
                ", like ns3::Class[Attribute=value|Attribute=value], and cannot be nested");
    ObjectText object{FindClass(text.substr(0, end), base, true), {}};
    const std::string name = object.type.GetName();
    Require(name != "ns3::EmpiricalRandomVariable" && name != "ns3::DeterministicRandomVariable",
            name + " needs data that no text can give");
    std::istringstream values(hasValues ? text.substr(end + 1, text.size() - end - 2) : "");
    for (std::string part; std::getline(values, part, '|');)
    {
        const std::size_t equals = part.find('=');
        Require(equals < part.size() - 1 && equals < part.find(':'),
                "'" + part + "' is not written Attribute=value");
        object.values.emplace_back(part.substr(0, equals), part.substr(equals + 1));
    }
    return object;
}

void
CheckObjectText(const std::string& text, TypeId base)
{
    const ObjectText object = ReadObjectText(text, base);
    for (const auto& [name, value] : object.values)
    {
        TypeId::AttributeInformation information;
        Require(object.type.LookupAttributeByName(name, &information),
                object.type.GetName() + " has no attribute '" + name +
                    "', see --PrintAttributes=" + object.type.GetName());
        if (const auto pointer = DynamicCast<const PointerChecker>(information.checker))
        {
            CheckObjectText(value, pointer->GetPointeeTypeId());
        }
    }
}

void
OwnRandomVariables(ObjectBase& object)
{
    ForEachAttribute(object, [&object](const TypeId::AttributeInformation& attribute) {
        const auto shared = DynamicCast<const PointerValue>(attribute.initialValue);
        PointerValue current;
        if (!shared || !object.GetAttributeFailSafe(attribute.name, current) ||
            current.GetObject() != shared->GetObject())
        {
            return;
        }
        const auto variable = DynamicCast<RandomVariableStream>(current.GetObject());
        if (variable && !DynamicCast<DeterministicRandomVariable>(variable) &&
            !DynamicCast<EmpiricalRandomVariable>(variable))
        {
            object.SetAttribute(attribute.name, PointerValue(Copy(*variable)));
        }
    });
}

} // namespace ns3
