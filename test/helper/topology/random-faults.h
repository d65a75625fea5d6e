// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_RANDOM_FAULTS_H
#define DDNN_RANDOM_FAULTS_H

#include "test/support/random-network.h"

#include <random>
#include <set>
#include <string>
#include <vector>

// Random fault scripts, as text.
namespace ddnn::test
{

/// Writes scripts of all actions and targets that a hierarchy has.
class RandomFaults
{
  public:
    /**
     * \param technologies of the cells: some links cannot have another rate or delay
     * \param rates of links
     * \param milliseconds of the run
     */
    RandomFaults(const Hierarchy& hierarchy,
                 const std::set<std::string>& technologies,
                 const std::vector<std::string>& rates,
                 int milliseconds,
                 std::mt19937_64& generator)
        : m_hierarchy(hierarchy)
        , m_technologies(technologies)
        , m_rates(rates)
        , m_milliseconds(milliseconds)
        , m_generator(generator)
    {
    }

    std::string MakeScript()
    {
        std::string script = "# random\n";
        for (int i = RandomInt(m_generator, 1, 8); i > 0; --i)
        {
            const std::string event = OneIn(m_generator, 2) ? MakeNodeEvent() : MakeLinkEvent();
            script += MakeTime() + " " + event + Pick({"\n", ";", " ; ", "  # comment\n"});
        }
        return script;
    }

  private:
    std::string Pick(const std::vector<std::string>& values)
    {
        return RandomOf(m_generator, values);
    }

    std::string Number(int low, int high)
    {
        return std::to_string(RandomInt(m_generator, low, high));
    }

    std::string MakeTime()
    {
        const int time = OneIn(m_generator, 6) ? 0 : RandomInt(m_generator, 0, m_milliseconds);
        return OneIn(m_generator, 2) ? std::to_string(time) + "ms"
                                     : std::to_string(time / 1000.0) + "s";
    }

    std::string MakeClock()
    {
        const std::string time = Number(1, m_milliseconds) + "ms";
        return Pick({"exponential:" + time,
                     "constant:" + time,
                     "weibull:" + time + ":" + Pick({"0.5", "1", "1.5", "3"})});
    }

    std::string MakeRandomFault()
    {
        return Pick({"fails ", "fails-together "}) + MakeClock() + " " + MakeClock();
    }

    /// `:2`, `:0-1`, `:*`, or nothing
    std::string MakeIndex(int count)
    {
        const int first = RandomInt(m_generator, 0, count - 1);
        return Pick({"",
                     ":*",
                     ":" + std::to_string(first),
                     ":" + std::to_string(first) + "-" +
                         std::to_string(RandomInt(m_generator, first, count - 1)),
                     ":0," + std::to_string(first)});
    }

    int NumCells() const
    {
        return m_hierarchy.cells.empty() ? 1 : static_cast<int>(m_hierarchy.cells.size());
    }

    std::string MakeDevices()
    {
        return OneIn(m_generator, 4) ? "cell" + MakeIndex(NumCells())
                                     : "device" + MakeIndex(m_hierarchy.tiers[0].numNodes);
    }

    int UpperTier()
    {
        return RandomInt(m_generator, 1, static_cast<int>(m_hierarchy.tiers.size()) - 1);
    }

    std::string MakeServers()
    {
        const Tier& tier = m_hierarchy.tiers[UpperTier()];
        return tier.name + MakeIndex(tier.numNodes);
    }

    std::string MakeExit()
    {
        const int tiers = static_cast<int>(m_hierarchy.tiers.size());
        return Pick({"exit",
                     "exit:*",
                     "exit:" + ExitName(m_hierarchy, RandomInt(m_generator, 0, tiers - 1))});
    }

    std::string MakeNodeEvent()
    {
        switch (RandomInt(m_generator, 0, 5))
        {
        case 0:
            return Pick({MakeDevices(), MakeServers()}) + " slow " +
                   Pick({"0.5", "1", "10", "1000"});
        case 1:
            return MakeDevices() + Pick({" stuck", " random", " normal"});
        case 2:
            return Pick({MakeServers(), MakeExit()}) + " ber " + Pick({"0", "0.001", "0.1", "1"});
        default:
            return MakeNodes() + " " +
                   Pick({"down", "down", "up", "crash", "restart", "normal", MakeRandomFault()});
        }
    }

    std::string MakeNodes()
    {
        return Pick(
            {MakeDevices(), MakeServers(), MakeExit(), "gateway" + MakeIndex(NumCells()), "*"});
    }

    /// Links above the gateways.
    std::string MakeWire()
    {
        const Tier& tier = m_hierarchy.tiers[UpperTier()];
        std::vector<std::string> wires{"link:backhaul", "link:" + tier.name};
        if (tier.numNodes > 1)
        {
            wires.push_back("link:" + tier.name + ":" + Number(0, tier.numNodes - 1));
        }
        if (NumCells() > 1)
        {
            wires.push_back("link:cell" + MakeIndex(NumCells()));
        }
        return Pick(wires);
    }

    bool HaveAll(const std::set<std::string>& able) const
    {
        for (const std::string& technology : m_technologies)
        {
            if (able.count(technology) == 0)
            {
                return false;
            }
        }
        return true;
    }

    /// On CSMA a cell has one delay.
    std::string MakeDelayed(const std::string& devices) const
    {
        return HaveAll({"p2p"}) ? devices : "link:device";
    }

    std::string MakeLinkEvent()
    {
        const std::string devices = "link:device" + MakeIndex(m_hierarchy.tiers[0].numNodes);
        switch (RandomInt(m_generator, 0, 4))
        {
        case 0:
            return (OneIn(m_generator, 2) && HaveAll({"p2p"}) ? devices : MakeWire()) + " rate " +
                   Pick(m_rates);
        case 1:
            return (OneIn(m_generator, 2) && HaveAll({"p2p", "csma"}) ? MakeDelayed(devices)
                                                                      : MakeWire()) +
                   " delay " + Pick({"0s", "10us", "3ms", "0.2s"});
        default:
            return Pick({devices, devices, MakeWire(), MakeWire(), "link:*"}) + " " +
                   Pick({"link-down",
                         "link-down",
                         "link-up",
                         "loss 0",
                         "loss 0.3",
                         "loss 1",
                         MakeRandomFault()});
        }
    }

    const Hierarchy& m_hierarchy;
    const std::set<std::string>& m_technologies;
    const std::vector<std::string>& m_rates;
    int m_milliseconds;
    std::mt19937_64& m_generator;
};

} // namespace ddnn::test

#endif // DDNN_RANDOM_FAULTS_H
