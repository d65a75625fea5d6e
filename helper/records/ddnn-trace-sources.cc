// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-trace-sources.h"

#include "ns3/abort.h"
#include "ns3/object-ptr-container.h"
#include "ns3/pointer.h"
#include "ns3/trace-source-accessor.h"

#include <map>
#include <set>
#include <utility>

namespace ns3
{

namespace
{

/// Finds what belongs to a name in a class. ns-3 itself copies all that stands before it, each
/// time.
template <typename Accessor>
class Memory
{
  public:
    template <typename Find>
    Ptr<const Accessor> Get(TypeId type, const std::string& name, Find find)
    {
        const auto [found, isNew] = m_known.try_emplace({type, name});
        if (isNew)
        {
            found->second = find(type, name);
        }
        return found->second;
    }

  private:
    std::map<std::pair<TypeId, std::string>, Ptr<const Accessor>> m_known;
};

/// \param value of the kind of the attribute
void
GetAttribute(const Object& object, const std::string& name, AttributeValue& value)
{
    static Memory<AttributeAccessor> memory;
    const auto find = [](TypeId type, const std::string& attribute) {
        TypeId::AttributeInformation information;
        NS_ABORT_MSG_IF(!type.LookupAttributeByName(attribute, &information),
                        type.GetName() << " has no attribute " << attribute);
        return information.accessor;
    };
    memory.Get(object.GetInstanceTypeId(), name, find)->Get(&object, value);
}

} // namespace

void
ConnectDdnnCallback(Ptr<Object> object, const std::string& source, const CallbackBase& callback)
{
    static Memory<TraceSourceAccessor> memory;
    const TypeId type = object->GetInstanceTypeId();
    const auto accessor = memory.Get(type, source, [](TypeId owner, const std::string& name) {
        return owner.LookupTraceSourceByName(name);
    });
    NS_ABORT_MSG_IF(!accessor || !accessor->ConnectWithoutContext(PeekPointer(object), callback),
                    type.GetName() << " has no trace source " << source);
}

bool
IsOfDdnnType(const Object& object, const std::string& name)
{
    static std::map<TypeId, std::set<std::string>> known; // names of a type and those above it
    TypeId type = object.GetInstanceTypeId();
    std::set<std::string>& names = known[type];
    for (bool isNew = names.empty(); isNew && type.HasParent(); type = type.GetParent())
    {
        names.insert(type.GetName().substr(type.GetName().rfind(':') + 1));
    }
    return names.count(name) > 0;
}

void
ForEachDdnnObject(Ptr<Object> start,
                  const std::string& path,
                  const std::function<void(Ptr<Object>)>& function)
{
    if (start && path.empty())
    {
        function(start);
    }
    if (!start || path.empty())
    {
        return;
    }
    const std::size_t end = path.find('/');
    const std::string name = path.substr(0, end);
    const std::string rest = end == std::string::npos ? "" : path.substr(end + 1);
    if (rest.substr(0, 1) == "*")
    {
        ObjectPtrContainerValue objects;
        GetAttribute(*start, name, objects);
        for (auto i = objects.Begin(); i != objects.End(); ++i)
        {
            ForEachDdnnObject(i->second, rest.size() > 1 ? rest.substr(2) : "", function);
        }
        return;
    }
    PointerValue value;
    GetAttribute(*start, name, value);
    ForEachDdnnObject(value.Get<Object>(), rest, function);
}

} // namespace ns3
