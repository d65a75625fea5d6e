// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_HIERARCHY_TABLE_H
#define DDNN_EXAMPLES_HIERARCHY_TABLE_H

#include "contrib-ddnn/hierarchy/hierarchy.h"

#include <string>

namespace ddnn::examples
{

/**
 * What the nodes of a hierarchy compute and send, one line for all nodes of a tier that are alike:
 * shapes, blocks, bytes per message, operations and memory; then the terms of Eq. (1).
 */
std::string HierarchyTable(const Hierarchy& hierarchy);

/// The same for results/draw-hierarchy.py, as JSON.
std::string HierarchyDrawing(const Hierarchy& hierarchy);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_HIERARCHY_TABLE_H
