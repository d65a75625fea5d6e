// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-energy.h"

#include "ddnn-helper.h"
#include "ddnn-require.h"

#include "ns3/basic-energy-source-helper.h"
#include "ns3/basic-energy-source.h"
#include "ns3/double.h"
#include "ns3/event-id.h"
#include "ns3/simulator.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-radio-energy-model-helper.h"
#include "ns3/wifi-radio-energy-model.h"

#include <sstream>

namespace ns3
{

namespace
{

/// Of a battery that is never empty: 140 days of ns-3's default radio.
constexpr double UNLIMITED_JOULES = 1e7;

/// More would overflow the times that ns-3's radio model reckons with.
constexpr double MAX_BATTERY_JOULES = 1e6;

/// The part of a battery that counts as nothing, see DdnnEnergy.
constexpr double NOTHING = 1e-5;

/// The source's energy at which it counts as empty, as a part of what it has at first.
constexpr double EMPTY = 0.5 * (1 + NOTHING);

/// Between two looks at a source that is almost empty. Less may draw nothing, by rounding.
const Time SHORTEST_WAIT = MicroSeconds(1);

/// The longest time that is worth waiting, in seconds, as ns-3 counts nanoseconds in 64 bits.
constexpr double LONGEST_WAIT = 1e9;

void
Ignore()
{
}

/// With less, the time until a source is empty does not fit into ns-3's.
void
CheckRadioPower(double volts)
{
    constexpr double LEAST_WATTS = 3e-3;
    const auto radio = CreateObject<WifiRadioEnergyModel>();
    for (const char* name : {"IdleCurrentA", "CcaBusyCurrentA", "TxCurrentA", "RxCurrentA"})
    {
        DoubleValue current;
        radio->GetAttribute(name, current);
        std::ostringstream message;
        message << "--ns3::WifiRadioEnergyModel::" << name << ": " << current.Get() << " A at "
                << volts << " V is less than " << LEAST_WATTS << " W; raise it";
        Require(current.Get() * volts >= LEAST_WATTS, message.str());
    }
}

double
GetWatts(energy::EnergySource& source, const energy::DeviceEnergyModel& model)
{
    return model.GetCurrentA() * source.GetSupplyVoltage();
}

} // namespace

struct DdnnEnergy::Meter
{
    Ptr<energy::BasicEnergySource> source;
    Ptr<DdnnComputeEnergyModel> compute;
    Ptr<WifiNetDevice> wifi; ///< null: none

    /// One for each time that it was switched on; the last is at work.
    std::vector<Ptr<WifiRadioEnergyModel>> radios;

    /// That the radios start with, see AddRadio.
    std::vector<Ptr<energy::BasicEnergySource>> firstSources;

    EventId check; ///< whether the source is empty
    bool dead{false};
};

double
DdnnEnergyResult::GetTotal() const
{
    double total = 0;
    for (const DdnnDeviceEnergy& device : devices)
    {
        total += device.radio + device.compute;
    }
    return total;
}

void
CheckEnergy(const DdnnEnergySettings& settings)
{
    // written so that NaN is refused
    Require(settings.batteryJoules >= 0 && settings.batteryJoules <= MAX_BATTERY_JOULES,
            "--battery has " + std::to_string(settings.batteryJoules) +
                " joules, must be 0 (never empty) to 1000000");
    Require(settings.joulesPerOperation >= 0 && settings.joulesPerOperation <= 1,
            "--joulesPerOperation is " + std::to_string(settings.joulesPerOperation) +
                ", must be 0 to 1");
}

DdnnEnergy::DdnnEnergy(DdnnHelper& helper, const DdnnEnergySettings& settings)
    : m_helper(helper)
    , m_settings(settings)
    , m_capacity(settings.batteryJoules > 0 ? settings.batteryJoules : UNLIMITED_JOULES)
    , m_meters(helper.GetHierarchy().tiers[0].numNodes)
{
    CheckEnergy(settings);
    for (uint32_t device = 0; device < m_meters.size(); ++device)
    {
        InstallSource(device);
    }
    TimeValue interval;
    helper.GetDevice(0)->GetAttribute("Interval", interval);
    const Time end = helper.GetFirstCapture() + interval.Get() * helper.GetSamples().size();
    Simulator::Schedule(helper.GetFirstCapture(), &DdnnEnergy::Open, this);
    Simulator::Schedule(end, &DdnnEnergy::Close, this);
    helper.SetRadioCallback([this](uint32_t device) {
        HandleRadioOn(device);
    });
}

DdnnEnergy::~DdnnEnergy() = default;

void
DdnnEnergy::InstallSource(uint32_t device)
{
    const DdnnTopology& topology = m_helper.GetTopology();
    const auto& netDevices = topology.GetCell(device).access->GetNetDevices();
    Meter& meter = m_meters[device];
    meter.wifi = DynamicCast<WifiNetDevice>(netDevices.Get(topology.GetPosition(device)));
    BasicEnergySourceHelper helper;
    helper.Set("BasicEnergySourceInitialEnergyJ", DoubleValue(2 * m_capacity));
    helper.Set("BasicEnergyLowBatteryThreshold", DoubleValue(EMPTY));
    helper.Set("BasicEnergyHighBatteryThreshold", DoubleValue(1)); // it never recovers
    const auto sources = helper.Install(topology.GetNode(0, device));
    meter.source = DynamicCast<energy::BasicEnergySource>(sources.Get(0));
    Require(meter.source->GetSupplyVoltage() > 0,
            "--ns3::BasicEnergySource::BasicEnergySupplyVoltageV must be more than zero");
    if (meter.wifi)
    {
        CheckRadioPower(meter.source->GetSupplyVoltage());
    }
    meter.compute = CreateObject<DdnnComputeEnergyModel>();
    meter.compute->SetAttribute("JoulesPerOperation", DoubleValue(m_settings.joulesPerOperation));
}

bool
DdnnEnergy::HasRadio(uint32_t device) const
{
    return m_meters.at(device).wifi != nullptr;
}

void
DdnnEnergy::Open()
{
    for (uint32_t device = 0; device < m_meters.size(); ++device)
    {
        Meter& meter = m_meters[device];
        meter.source->UpdateEnergySource(); // it has drawn nothing so far, and begins now
        meter.compute->SetEnergySource(meter.source);
        meter.compute->SetDepletionCallback(
            MakeCallback(&DdnnEnergy::HandleDepletion, this, device));
        meter.compute->Attach(m_helper.GetDevice(device));
        meter.source->AppendDeviceEnergyModel(meter.compute);
        HandleRadioOn(device);
        meter.source->TraceConnectWithoutContext(
            "RemainingEnergy",
            MakeCallback(&DdnnEnergy::HandleChange, this, device));
        m_helper.GetDevice(device)->TraceConnectWithoutContext(
            "Computed",
            MakeCallback(&DdnnEnergy::HandleComputed, this, device));
        CheckSoon(device);
    }
}

void
DdnnEnergy::HandleRadioOn(uint32_t device)
{
    Meter& meter = m_meters[device];
    const bool opened = Simulator::Now() >= m_helper.GetFirstCapture();
    if (!meter.wifi || !opened || meter.dead || meter.wifi->GetPhy()->IsStateOff())
    {
        return;
    }
    // ns-3's model stays off for good once its radio was
    if (meter.radios.empty() || meter.radios.back()->GetCurrentState() == WifiPhyState::OFF)
    {
        AddRadio(meter);
    }
}

/// A radio model takes it that it was idle since time zero, whenever it is made. So it has another
/// source at first, whose voltage is so low that this adds nothing to any joules.
void
DdnnEnergy::AddRadio(Meter& meter)
{
    constexpr double NEXT_TO_NOTHING = 1e-30;
    const auto first = CreateObject<energy::BasicEnergySource>();
    first->SetNode(meter.wifi->GetNode());
    first->SetInitialEnergy(NEXT_TO_NOTHING * UNLIMITED_JOULES);
    first->SetSupplyVoltage(NEXT_TO_NOTHING * meter.source->GetSupplyVoltage());
    first->SetEnergyUpdateInterval(m_helper.GetEnd());
    meter.firstSources.push_back(first);

    WifiRadioEnergyModelHelper helper;
    // Depletion is for HandleDepletion to act on: here it may come in the middle of a change of the
    // radio's state.
    helper.SetDepletionCallback(MakeCallback(&Ignore));
    helper.SetRechargedCallback(MakeCallback(&Ignore));
    const auto models = helper.Install(meter.wifi, first);
    const auto radio = DynamicCast<WifiRadioEnergyModel>(models.Get(0));
    radio->ChangeState(static_cast<int>(WifiPhyState::IDLE));
    radio->SetEnergySource(meter.source);
    meter.source->AppendDeviceEnergyModel(radio);
    meter.radios.push_back(radio);
}

void
DdnnEnergy::HandleChange(uint32_t device, double, double)
{
    CheckSoon(device);
}

void
DdnnEnergy::HandleComputed(uint32_t device, uint32_t, int64_t, Time)
{
    CheckSoon(device);
}

/// Not at once, as the change that made it necessary is still under way.
void
DdnnEnergy::CheckSoon(uint32_t device)
{
    Meter& meter = m_meters[device];
    if (m_settings.batteryJoules > 0 && !meter.dead)
    {
        meter.check.Cancel();
        meter.check = Simulator::ScheduleNow(&DdnnEnergy::Check, this, device);
    }
}

/// A source looks at what is left when it is asked to: ask again when it will be empty.
void
DdnnEnergy::Check(uint32_t device)
{
    Meter& meter = m_meters[device];
    const double remaining = meter.source->GetRemainingEnergy();
    if (meter.dead || !meter.check.IsExpired()) // what was drawn until now led to another check
    {
        return;
    }
    double watts = GetWatts(*meter.source, *meter.compute);
    if (!meter.radios.empty())
    {
        watts += GetWatts(*meter.source, *meter.radios.back());
    }
    const double left = remaining - EMPTY * meter.source->GetInitialEnergy();
    if (left < LONGEST_WAIT * watts)
    {
        meter.check = Simulator::Schedule(Max(Seconds(left / watts), SHORTEST_WAIT),
                                          &DdnnEnergy::Check,
                                          this,
                                          device);
    }
}

void
DdnnEnergy::HandleDepletion(uint32_t device)
{
    Meter& meter = m_meters[device];
    meter.dead = true;
    meter.check.Cancel();
    Simulator::ScheduleNow(&DdnnEnergy::Die, this, device);
}

void
DdnnEnergy::Die(uint32_t device)
{
    m_exhausted = m_settings.batteryJoules == 0;
    m_result.deaths.push_back({device, Simulator::Now() - m_helper.GetFirstCapture()});
    m_helper.SetDown(device, DdnnDownReason::BATTERY, true);
}

void
DdnnEnergy::Close()
{
    for (const Meter& meter : m_meters)
    {
        DdnnDeviceEnergy device;
        for (const auto& radio : meter.radios)
        {
            device.radio += radio->GetTotalEnergyConsumption();
        }
        device.compute = meter.compute->GetTotalEnergyConsumption();
        device.drawn = meter.source->GetInitialEnergy() - meter.source->GetRemainingEnergy();
        m_result.devices.push_back(device);
    }
}

DdnnEnergyResult
DdnnEnergy::GetResult() const
{
    Require(!m_exhausted,
            "--battery=0: a device used " + std::to_string(static_cast<int>(UNLIMITED_JOULES)) +
                " joules, more than can be accounted; simulate less time");
    return m_result;
}

} // namespace ns3
