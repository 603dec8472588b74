//! Kinds of networks as the impairments that they are: delays and losses each way, as people measure them.

use super::model::Impairing;
use crate::failure::Protocol;
use crate::proxy::toxic::short;

/// A kind of network.
#[derive(Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// Delay and jitter of each way, in ms.
    pub delay: (u32, u32),
    /// Datagrams that are lost each way, of a thousand; of a stream none, because TCP sends again.
    pub loss: u32,
    /// Millions of bits a second each way; `None` for as many as there come.
    pub megabits: Option<u32>,
}

/// Every preset.
pub const PRESETS: &[Preset] = &[
    preset("lan", "a wire in the house", (0, 0), 0, None),
    preset("wifi", "good wireless", (5, 2), 1, None),
    preset("wifi-bad", "wireless through walls", (40, 15), 20, Some(20)),
    preset("mobile-4g", "a telephone in town", (25, 8), 5, None),
    preset("mobile-3g", "a telephone in the country", (100, 30), 20, Some(2)),
    preset("satellite", "a low satellite", (40, 7), 10, None),
    preset("satellite-geo", "a geostationary satellite", (300, 20), 5, Some(25)),
];

const fn preset(
    name: &'static str,
    about: &'static str,
    delay: (u32, u32),
    loss: u32,
    megabits: Option<u32>,
) -> Preset {
    Preset { name, about, delay, loss, megabits }
}

/// The names of all.
pub fn names() -> Vec<&'static str> {
    PRESETS.iter().map(|preset| preset.name).collect()
}

impl Preset {
    /// The one of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// Its toxics in the short form.
    pub fn toxics(&self) -> Vec<String> {
        let mut toxics = Vec::new();
        let (latency, jitter) = self.delay;
        if latency > 0 {
            toxics.push(format!("latency:latency={latency},jitter={jitter},stream=both,name=preset-latency"));
        }
        if self.loss > 0 {
            let share = f64::from(self.loss) / 1000.0;
            toxics.push(format!("loss:probability={share},stream=both,name=preset-loss"));
        }
        if let Some(megabits) = self.megabits {
            toxics.push(format!("bandwidth:rate={},stream=both,name=preset-bandwidth", megabits * 125));
        }
        toxics
    }

    /// The same as what a link is made of.
    pub fn impairments(&self) -> Vec<Impairing> {
        let impairing = |text: String| {
            let on = |protocol| short(&text, protocol).ok();
            let (tcp, udp) = (on(Protocol::Tcp), on(Protocol::Udp));
            let name = tcp.as_ref().or(udp.as_ref()).map_or_else(String::new, |toxic| toxic.name.clone());
            Impairing { text, name, tcp, udp, filter: None }
        };
        self.toxics().into_iter().map(impairing).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_made_of_toxics_that_there_are() {
        for preset in PRESETS {
            for impairing in preset.impairments() {
                assert!(impairing.udp.is_some(), "{}", impairing.text);
                assert_eq!(impairing.tcp.is_none(), impairing.name == "preset-loss", "{}", impairing.text);
                assert!(impairing.name.starts_with("preset-"));
            }
        }
    }

    #[test]
    fn three_g_is_slow_lossy_and_narrow() {
        let toxics = Preset::named("mobile-3g").unwrap().toxics();
        assert_eq!(
            toxics,
            [
                "latency:latency=100,jitter=30,stream=both,name=preset-latency",
                "loss:probability=0.02,stream=both,name=preset-loss",
                "bandwidth:rate=250,stream=both,name=preset-bandwidth",
            ]
        );
    }
}
