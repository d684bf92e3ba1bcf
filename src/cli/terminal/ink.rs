//! Colours of a terminal picture: those of the arms, in shades that stand out from dark and light grounds alike.

/// What a character is written with. Words are [`Ink::Plain`]: only marks and lines are coloured, and never by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ink {
    /// The terminal's own colour.
    #[default]
    Plain,
    /// What stands back: axes, thresholds.
    Quiet,
    /// An arm, by its place among the arms other than the reference.
    Arm(usize),
    /// The reference arm.
    Reference,
}

/// Colours of the 256 with a contrast of 3:1 and more on white and on near-black, nearest to those of the arms in other pictures.
const ARMS: [u8; 5] = [32, 166, 29, 168, 98];
/// A grey of the same kind.
const GREY: u8 = 244;

impl Ink {
    /// The arms of a picture in their order, told which of them is the reference.
    pub fn of_arms(reference: impl IntoIterator<Item = bool>) -> Vec<Self> {
        let mut others = 0..;
        let ink = |is_reference: bool| match is_reference {
            true => Self::Reference,
            false => Self::Arm(others.next().unwrap_or_default()),
        };
        reference.into_iter().map(ink).collect()
    }

    /// The mark of an arm: the shapes of the other pictures, hollow from the sixth arm on.
    pub fn marker(self) -> char {
        const FILLED: [char; 5] = ['●', '▲', '◆', '✚', '▼'];
        const HOLLOW: [char; 5] = ['○', '△', '◇', '✛', '▽'];
        match self {
            Self::Plain | Self::Quiet => '●',
            Self::Reference => '■',
            Self::Arm(place) if place / FILLED.len() % 2 == 1 => HOLLOW[place % FILLED.len()],
            Self::Arm(place) => FILLED[place % FILLED.len()],
        }
    }

    /// Lengths in dots of an arm's line, drawn and left out in turn; empty for an unbroken one.
    pub fn dashes(self) -> &'static [usize] {
        match self {
            Self::Plain | Self::Quiet => &[],
            Self::Reference => &[3, 3],
            Self::Arm(place) => match place % ARMS.len() {
                0 => &[],
                1 => &[8, 3],
                2 => &[1, 2],
                3 => &[6, 2, 1, 2],
                _ => &[6, 2, 1, 2, 1, 2],
            },
        }
    }

    /// The number of the colour, where there is one.
    pub(super) fn colour(self) -> Option<u8> {
        match self {
            Self::Plain => None,
            Self::Quiet | Self::Reference => Some(GREY),
            Self::Arm(place) => Some(ARMS[place % ARMS.len()]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::elementary::powf;

    /// Red, green and blue of a colour of the 256: the cube, then the greys.
    fn channels(colour: u8) -> [u8; 3] {
        if colour >= 232 {
            return [8 + 10 * (colour - 232); 3];
        }
        let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
        let place = colour - 16;
        [place / 36, place / 6 % 6, place % 6].map(level)
    }

    fn luminance(channels: [u8; 3]) -> f64 {
        let [red, green, blue] = channels.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { powf((share + 0.055) / 1.055, 2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    #[test]
    fn marks_stand_out_from_dark_and_light_grounds() {
        let contrast = |a: f64, b: f64| (a.max(b) + 0.05) / (a.min(b) + 0.05);
        for colour in ARMS.into_iter().chain([GREY]) {
            for ground in [[0xff; 3], [0x12; 3]] {
                let contrast = contrast(luminance(channels(colour)), luminance(ground));
                assert!(contrast >= 3.0, "{colour} on {ground:?}: {contrast:.2}");
            }
        }
    }

    #[test]
    fn arms_keep_their_marks_wherever_the_reference_stands() {
        let marks = |reference: [bool; 3]| Ink::of_arms(reference).iter().map(|ink| ink.marker()).collect::<String>();
        assert_eq!((marks([false, false, true]), marks([true, false, false])), ("●▲■".into(), "■●▲".into()));
        assert_eq!(Ink::Arm(5).marker(), '○');
    }
}
