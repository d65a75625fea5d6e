// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-trace-sources.h"

#include "ns3/object-ptr-container.h"
#include "ns3/pointer.h"

namespace ns3
{

bool
IsOfDdnnType(const Object& object, const std::string& name)
{
    TypeId type = object.GetInstanceTypeId();
    while (type.GetName().substr(type.GetName().rfind(':') + 1) != name && type.HasParent())
    {
        type = type.GetParent();
    }
    return type.HasParent();
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
        start->GetAttribute(name, objects);
        for (auto i = objects.Begin(); i != objects.End(); ++i)
        {
            ForEachDdnnObject(i->second, rest.size() > 1 ? rest.substr(2) : "", function);
        }
        return;
    }
    PointerValue value;
    start->GetAttribute(name, value);
    ForEachDdnnObject(value.Get<Object>(), rest, function);
}

} // namespace ns3
