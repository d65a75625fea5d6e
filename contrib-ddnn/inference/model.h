// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_MODEL_H
#define DDNN_MODEL_H

#include "contrib-ddnn/hierarchy/hierarchy.h"

#include <cstdint>
#include <vector>

namespace ddnn
{

/// A node's class scores, `[class]`. Empty: the node is absent.
using Scores = std::vector<float>;

/// A node's features `[filter, row, column]` as they travel. Binary: bit i of byte i / 8 is set
/// where feature i is +1. Float: the bytes of one after the other, by the tier's coding, see
/// EncodeFeatures. Empty: the node is absent.
using Features = std::vector<uint8_t>;

/// What a node's section computes.
struct NodeOutput
{
    Features features;
    Scores scores;
};

/// What an exit says of a sample.
struct Verdict
{
    Scores scores;         ///< of the exit, after aggregation
    int label{-1};         ///< class with the highest score, the first one in a tie; -1: none
    double uncertainty{1}; ///< 0 (certain) to 1, by the hierarchy's ExitCriterion
};

/**
 * A trained DDNN, cut into the sections that the nodes of its hierarchy run.
 *
 * All methods are pure: a model is shared by every node of a simulation, and by threads.
 * Arguments that do not fit the hierarchy throw std::invalid_argument.
 */
class Model
{
  public:
    explicit Model(const Hierarchy& hierarchy);
    virtual ~Model() = default;

    const Hierarchy& GetHierarchy() const;

    /**
     * \param device index in the first tier
     * \param view `[channel, row, column]`, as many values as ViewShape says
     */
    virtual NodeOutput RunDevice(int device, const uint8_t* view) const = 0;

    /**
     * \param tier of the node, 1 or higher
     * \param node index in that tier
     * \param children features of each child, in the order of Children(); at least one is present
     */
    virtual NodeOutput RunNode(int tier, int node, const std::vector<Features>& children) const = 0;

    /**
     * Join the scores of a tier's nodes at its exit.
     * \param scores of each node of the tier; at least one is present
     */
    virtual Verdict CloseExit(int tier, const std::vector<Scores>& scores) const = 0;

    /**
     * The whole network in one place: the verdict of every tier's exit, from the first to the last.
     *
     * \param views of each device, nullptr where a device is absent; at least one is present
     */
    std::vector<Verdict> Infer(const std::vector<const uint8_t*>& views) const;

  protected:
    /// \throws std::invalid_argument if the arguments of RunDevice and RunNode do not fit the
    /// hierarchy, or no child is present
    void CheckDevice(int device) const;
    void CheckChildren(int tier, int node, const std::vector<Features>& children) const;

  private:
    Hierarchy m_hierarchy;
};

/// The first exit whose uncertainty is at most its threshold; the last one always classifies.
/// \param thresholds of every exit but the last
int ChooseExit(const std::vector<Verdict>& verdicts, const std::vector<double>& thresholds);

} // namespace ddnn

#endif // DDNN_MODEL_H
