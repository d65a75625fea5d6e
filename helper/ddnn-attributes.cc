// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-attributes.h"

#include "ns3/abort.h"
#include "ns3/object-factory.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-stream.h"

#include <functional>
#include <set>
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
