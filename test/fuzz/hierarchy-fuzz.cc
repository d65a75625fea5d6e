// SPDX-License-Identifier: GPL-2.0-only
// Whatever a hierarchy file holds, it is refused in one line, or it is read and can be written
// again.
#include "contrib-ddnn/hierarchy/hierarchy-json.h"

#include <cstdlib>
#include <stdexcept>

namespace
{

void
Require(bool condition)
{
    if (!condition)
    {
        std::abort();
    }
}

/// What is computed of any valid hierarchy must be sane.
void
CheckSizes(const ddnn::Hierarchy& hierarchy)
{
    for (int tier = 0; tier < static_cast<int>(hierarchy.tiers.size()); ++tier)
    {
        // all nodes would take too long where there are thousands
        const int last = hierarchy.tiers[tier].numNodes - 1;
        Require(ddnn::FeatureBytes(hierarchy, tier, last) > 0);
        Require(ddnn::MemoryBytes(hierarchy, tier, last) > 0);
        Require(ddnn::Operations(hierarchy, tier, last) > 0);
        Require(ddnn::ExitOperations(hierarchy, tier) > 0);
    }
    for (const std::string& warning : ddnn::Warnings(hierarchy))
    {
        Require(warning.find('\n') == std::string::npos);
    }
}

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    try
    {
        const ddnn::Hierarchy hierarchy = ddnn::HierarchyFromJson(std::string(data, data + size));
        CheckSizes(hierarchy);
        const std::string json = ddnn::ToJson(hierarchy);
        Require(ddnn::ToJson(ddnn::HierarchyFromJson(json)) == json);
    }
    catch (const std::runtime_error& error)
    {
        Require(std::string(error.what()).find('\n') == std::string::npos);
    }
    return 0;
}
