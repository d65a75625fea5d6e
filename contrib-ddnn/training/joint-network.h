// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_JOINT_NETWORK_H
#define DDNN_JOINT_NETWORK_H

#include "contrib-ddnn/network/network.h"
#include "layers.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace ddnn
{

/// What a training step sees of its samples.
struct JointInput
{
    std::vector<Batch> views; ///< `[device]`, each `[sample, channel x row x column]`, 0 to 255
    /// `[tier]`, each `[sample, node]`, 0 where failout has dropped the node; of an empty list, and
    /// in tiers that are not named, none is. A node without a child that is present is absent, too.
    std::vector<std::vector<uint8_t>> present;
    std::vector<uint8_t> inView; ///< `[sample, device]`, 0 where the view is labelled absent
    std::vector<int> labels;     ///< `[sample]`
};

/// The loss of a batch and its parts.
struct JointLoss
{
    double loss{0};                   ///< weighted sum over the exits, mean over the samples
    std::vector<std::size_t> correct; ///< `[exit]`, samples classified correctly
};

/**
 * All sections of a network in training: forward through every tier and exit, and the gradient of
 * the joint loss (paper III-C) with respect to all parameters.
 */
class JointNetwork
{
  public:
    /// \param network whose parameters are used, and whose running statistics are updated; must
    ///        outlive this
    explicit JointNetwork(Network& network);

    JointNetwork(const JointNetwork&) = delete;
    JointNetwork& operator=(const JointNetwork&) = delete;

    /// \param decay of the running statistics, see BatchNormLayer::Forward
    void Forward(const JointInput& input, float decay);

    /// \return the loss of what Forward has computed
    JointLoss Loss(const JointInput& input, double deviceExitWeight);

    /// Loss, and its gradient: see Gradients.
    JointLoss Backward(const JointInput& input, double deviceExitWeight);

    /// Of the last Backward, in the layout of the network.
    Network& Gradients();

    /// Scores of an exit in the last Forward, `[sample, class]`.
    const Batch& ExitScores(int tier) const;

  private:
    struct Node
    {
        Node(Section& parameters, Section& gradients, FeatureCoding coding);

        const Batch& Features() const;
        JoinLayer::Input FeatureInput();
        JoinLayer::Input ScoreInput();

        std::vector<Layer> blocks;
        Layer exit;
        JoinLayer join;               ///< of the children's features
        std::vector<uint8_t> present; ///< `[sample]`
        Batch featureGradient;
        Batch scoreGradient;
    };

    struct Exit
    {
        JoinLayer join;
        Batch joined;                    ///< the nodes' scores
        std::optional<Layer> aggregator; ///< for CC
    };

    void ForwardNode(const JointInput& input, int tier, int node, float decay);
    void ForwardExit(int tier, float decay);
    void BackwardExit(int tier, Batch gradient);
    void BackwardNode(int tier, int node);
    JointLoss ExitLosses(const JointInput& input, double deviceExitWeight, bool backward);

    Network& m_network;
    Network m_gradients;
    std::vector<std::vector<Node>> m_nodes; ///< `[tier][node]`
    std::vector<Exit> m_exits;              ///< `[tier]`
};

} // namespace ddnn

#endif // DDNN_JOINT_NETWORK_H
