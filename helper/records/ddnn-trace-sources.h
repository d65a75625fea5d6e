// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TRACE_SOURCES_H
#define DDNN_TRACE_SOURCES_H

#include "ns3/callback.h"
#include "ns3/object.h"

#include <functional>
#include <string>

namespace ns3
{

/// \param name of a type, without its namespaces: modules that are not linked have none
/// \return whether an object is of that type or of one that derives from it; those that are
///         aggregated to it do not count
bool IsOfDdnnType(const Object& object, const std::string& name);

/**
 * Call a function for each object that attributes lead to.
 *
 * \param start where the path starts
 * \param path names of attributes, such as "Mac/BE_Txop/Queue"; the name of one that holds several
 *        objects is followed by a star, such as "Phys/\*". Empty: the start.
 * \param function not called where there is no object
 */
void ForEachDdnnObject(Ptr<Object> start,
                       const std::string& path,
                       const std::function<void(Ptr<Object>)>& function);

/// Connect a callback to a trace source; the program is aborted if there is none.
void ConnectDdnnCallback(Ptr<Object> object,
                         const std::string& source,
                         const CallbackBase& callback);

/// The same with any function, and the arguments of the trace source.
template <typename... Args, typename Function>
void
ConnectDdnnTrace(Ptr<Object> object, const std::string& source, const Function& function)
{
    ConnectDdnnCallback(object, source, Callback<void, Args...>(function));
}

} // namespace ns3

#endif // DDNN_TRACE_SOURCES_H
