//! Leaves out of a long story what repeats the usual: its beginning and its end stay, and whatever went wrong or was
//! done on purpose, each with what stands around it.

use super::{Drawn, Moment, Tone};

/// How many moments stay at the beginning and at the end, of `most`.
const FIRST: usize = 4;
const LAST: usize = 8;

/// At most about `most` moments.
pub(super) fn at_most(most: usize, moments: Vec<Moment>) -> Vec<Moment> {
    if moments.len() <= most {
        return moments;
    }
    let stays = staying(&moments, most);
    let mut kept = Vec::with_capacity(most);
    let mut left: Vec<Moment> = Vec::new();
    for (moment, stays) in moments.into_iter().zip(stays) {
        if stays {
            kept.extend(summed(&mut left));
            kept.push(moment);
        } else {
            left.push(moment);
        }
    }
    kept.extend(summed(&mut left));
    kept
}

fn staying(moments: &[Moment], most: usize) -> Vec<bool> {
    let (first, last) = (most / FIRST, most / LAST);
    let end = moments.len() - last;
    let mut stays: Vec<bool> = (0..moments.len()).map(|at| at < first || at >= end).collect();
    let mut room = most - first - last;
    let notable = moments.iter().enumerate().take(end).skip(first).filter(|(_, moment)| is_notable(moment));
    for (at, _) in notable {
        for near in stays.iter_mut().take(at + 2).skip(at.saturating_sub(1)) {
            if room > 0 && !*near {
                *near = true;
                room -= 1;
            }
        }
    }
    stays
}

fn is_notable(moment: &Moment) -> bool {
    let is_delay = matches!(&moment.what, Drawn::Mark { .. }) && moment.tone == Tone::Fault;
    matches!(moment.what, Drawn::Across { .. } | Drawn::Wait { .. })
        || (matches!(moment.tone, Tone::Bad | Tone::Fault) && !is_delay)
}

/// What is left out, in one moment.
fn summed(left: &mut Vec<Moment>) -> Option<Moment> {
    let (first, last) = (left.first()?.clone(), left.last()?.clone());
    let moments = left.len();
    left.clear();
    if moments == 1 {
        return Some(first);
    }
    Some(Moment { what: Drawn::Left { moments, until: last.at }, tone: Tone::Faint, ..first })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn moment(seq: usize, tone: Tone) -> Moment {
        let what = Drawn::Wait { on: 0, text: String::new() };
        let usual = Drawn::Mark { on: 0, text: String::new(), source: super::super::Source::Call };
        let what = if tone == Tone::Bad { what } else { usual };
        Moment { at: Duration::from_secs(1), seq, what, tone }
    }

    #[test]
    fn a_short_story_is_told_whole() {
        let short: Vec<Moment> = (0..40).map(|seq| moment(seq, Tone::Plain)).collect();
        assert_eq!(at_most(40, short.clone()), short);
    }

    #[test]
    fn of_a_long_one_stay_its_ends_and_what_went_wrong() {
        let tone = |seq| if seq == 500 { Tone::Bad } else { Tone::Plain };
        let told = at_most(40, (0..1000).map(|seq| moment(seq, tone(seq))).collect());
        let seqs: Vec<usize> = told.iter().map(|moment| moment.seq).collect();
        assert!(told.len() <= 40, "{seqs:?}");
        assert!(seqs.contains(&0) && seqs.contains(&999) && seqs.contains(&500) && seqs.contains(&499));
        let left: usize = told
            .iter()
            .map(|moment| if let Drawn::Left { moments, .. } = moment.what { moments } else { 1 })
            .sum();
        assert_eq!(left, 1000);
    }

    #[test]
    fn even_when_everything_goes_wrong_it_stays_short() {
        let told = at_most(40, (0..1000).map(|seq| moment(seq, Tone::Bad)).collect());
        assert!(told.len() <= 42);
    }
}
