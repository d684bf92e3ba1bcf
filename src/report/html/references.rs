//! The references of the methods paragraph, numbered in the order in which they are first pointed to.

/// Where a method comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// Authors, title, journal, year, pages.
    pub text: &'static str,
    /// Its DOI; empty where it has none.
    pub doi: &'static str,
}

macro_rules! references {
    ($($name:ident = $text:literal, $doi:literal;)*) => {
        $(pub(super) const $name: Reference = Reference { text: $text, doi: $doi };)*
        /// All of them.
        #[cfg(test)]
        const ALL: &[Reference] = &[$($name),*];
    };
}

references! {
    ANCOVA = "Vickers AJ, Altman DG. Analysing controlled trials with baseline and follow up measurements. BMJ 2001;323:1123-1124.", "10.1136/bmj.323.7321.1123";
    HETEROSCEDASTIC = "MacKinnon JG, White H. Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample properties. J Econometrics 1985;29:305-325.", "10.1016/0304-4076(85)90158-7";
    MMRM = "Mallinckrodt CH, Lane PW, Schnell D, Peng Y, Mancuso JP. Recommendations for the primary analysis of continuous endpoints in longitudinal clinical trials. Drug Inf J 2008;42:303-319.", "10.1177/009286150804200402";
    SATTERTHWAITE = "Satterthwaite FE. An approximate distribution of estimates of variance components. Biometrics Bull 1946;2:110-114.", "10.2307/3002019";
    KENWARD_ROGER = "Kenward MG, Roger JH. Small sample inference for fixed effects from restricted maximum likelihood. Biometrics 1997;53:983-997.", "10.2307/2533558";
    BETWEEN_WITHIN = "Schluchter MD, Elashoff JT. Small-sample adjustments to tests with unbalanced repeated measures assuming several covariance structures. J Stat Comput Simul 1990;37:69-87.", "10.1080/00949659008811295";
    GEE = "Liang KY, Zeger SL. Longitudinal data analysis using generalized linear models. Biometrika 1986;73:13-22.", "10.1093/biomet/73.1.13";
    RUBINS_RULES = "Barnard J, Rubin DB. Small-sample degrees of freedom with multiple imputation. Biometrika 1999;86:948-955.", "10.1093/biomet/86.4.948";
    CONDITIONAL_MEANS = "Wolbers M, Noci A, Delmar P, Gower-Page C, Yiu S, Bartlett JW. Standard and reference-based conditional mean imputation. Pharm Stat 2022;21:1246-1257.", "10.1002/pst.2234";
    REFERENCE_BASED = "Carpenter JR, Roger JH, Kenward MG. Analysis of longitudinal trials with protocol deviation: a framework for relevant, accessible assumptions, and inference via multiple imputation. J Biopharm Stat 2013;23:1352-1371.", "10.1080/10543406.2013.834911";
    DELTA = "Cro S, Morris TP, Kenward MG, Carpenter JR. Sensitivity analysis for clinical trials with missing continuous outcome data using controlled multiple imputation: a practical guide. Stat Med 2020;39:2815-2842.", "10.1002/sim.8569";
    MANCL_DEROUEN = "Mancl LA, DeRouen TA. A covariance estimator for GEE with improved small-sample properties. Biometrics 2001;57:126-134.", "10.1111/j.0006-341X.2001.00126.x";
    KAUERMANN_CARROLL = "Kauermann G, Carroll RJ. A note on the efficiency of sandwich covariance matrix estimation. J Am Stat Assoc 2001;96:1387-1396.", "10.1198/016214501753382309";
    FAY_GRAUBARD = "Fay MP, Graubard BI. Small-sample adjustments for Wald-type tests using sandwich estimators. Biometrics 2001;57:1198-1206.", "10.1111/j.0006-341X.2001.01198.x";
    MIXED_MODEL = "Laird NM, Ware JH. Random-effects models for longitudinal data. Biometrics 1982;38:963-974.", "10.2307/2529876";
    THERAPISTS = "Roberts C, Roberts SA. Design and analysis of clinical trials with clustering effects due to treatment. Clin Trials 2005;2:152-162.", "10.1191/1740774505cn076oa";
    MODIFIED_POISSON = "Zou G. A modified Poisson regression approach to prospective studies with binary data. Am J Epidemiol 2004;159:702-706.", "10.1093/aje/kwh090";
    RISK_DIFFERENCE = "Ge M, Durham LK, Meyer RD, Xie W, Thomas N. Covariate-adjusted difference in proportions from clinical trials using logistic regression and weighted risk differences. Drug Inf J 2011;45:481-493.", "10.1177/009286151104500409";
    NEGATIVE_BINOMIAL = "Lawless JF. Negative binomial and mixed Poisson regression. Can J Stat 1987;15:209-225.", "10.2307/3314912";
    PROPORTIONAL_ODDS = "McCullagh P. Regression models for ordinal data. J R Stat Soc B 1980;42:109-142.", "10.1111/j.2517-6161.1980.tb01109.x";
    WELCH = "Welch BL. The generalization of 'Student's' problem when several different population variances are involved. Biometrika 1947;34:28-35.", "10.1093/biomet/34.1-2.28";
    HODGES_LEHMANN = "Hodges JL, Lehmann EL. Estimates of location based on rank tests. Ann Math Stat 1963;34:598-611.", "10.1214/aoms/1177704172";
    KRUSKAL_WALLIS = "Kruskal WH, Wallis WA. Use of ranks in one-criterion variance analysis. J Am Stat Assoc 1952;47:583-621.", "10.1080/01621459.1952.10483441";
    RESPONDERS = "Dworkin RH, Turk DC, Wyrwich KW, et al. Interpreting the clinical importance of treatment outcomes in chronic pain clinical trials: IMMPACT recommendations. J Pain 2008;9:105-121.", "10.1016/j.jpain.2007.09.005";
    FISHER_LSD = "Meier U. A note on the power of Fisher's least significant difference procedure. Pharm Stat 2006;5:253-263.", "10.1002/pst.210";
    SIDAK = "Šidák Z. Rectangular confidence regions for the means of multivariate normal distributions. J Am Stat Assoc 1967;62:626-633.", "10.1080/01621459.1967.10482935";
    HOLM = "Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat 1979;6:65-70.", "";
    HOLM_SIDAK = "Holland BS, Copenhaver MD. An improved sequentially rejective Bonferroni test procedure. Biometrics 1987;43:417-423.", "10.2307/2531823";
    HOCHBERG = "Hochberg Y. A sharper Bonferroni procedure for multiple tests of significance. Biometrika 1988;75:800-802.", "10.1093/biomet/75.4.800";
    HOMMEL = "Hommel G. A stagewise rejective multiple test procedure based on a modified Bonferroni test. Biometrika 1988;75:383-386.", "10.1093/biomet/75.2.383";
    BENJAMINI_HOCHBERG = "Benjamini Y, Hochberg Y. Controlling the false discovery rate: a practical and powerful approach to multiple testing. J R Stat Soc B 1995;57:289-300.", "10.1111/j.2517-6161.1995.tb02031.x";
    BENJAMINI_YEKUTIELI = "Benjamini Y, Yekutieli D. The control of the false discovery rate in multiple testing under dependency. Ann Stat 2001;29:1165-1188.", "10.1214/aos/1013699998";
    FIXED_SEQUENCE = "Westfall PH, Krishen A. Optimally weighted, fixed sequence and gatekeeper multiple testing procedures. J Stat Plan Inference 2001;99:25-40.", "10.1016/S0378-3758(01)00077-5";
    MAX_T = "Hothorn T, Bretz F, Westfall P. Simultaneous inference in general parametric models. Biom J 2008;50:346-363.", "10.1002/bimj.200810425";
    TUKEY_KRAMER = "Kramer CY. Extension of multiple range tests to group means with unequal numbers of replications. Biometrics 1956;12:307-310.", "10.2307/3001469";
    SCHEFFE = "Scheffé H. A method for judging all contrasts in the analysis of variance. Biometrika 1953;40:87-104.", "10.1093/biomet/40.1-2.87";
    GRAPH = "Bretz F, Maurer W, Brannath W, Posch M. A graphical approach to sequentially rejective multiple test procedures. Stat Med 2009;28:586-604.", "10.1002/sim.3495";
    MARGINS = "Piaggio G, Elbourne DR, Pocock SJ, Evans SJW, Altman DG. Reporting of noninferiority and equivalence randomized trials. JAMA 2012;308:2594-2604.", "10.1001/jama.2012.87802";
    SIMULATION = "Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102.", "10.1002/sim.8086";
}

#[cfg(test)]
mod tests {
    use super::ALL;

    /// The sources that stand in files without a DOI of their own.
    const WITHOUT: usize = 1;

    #[test]
    fn every_doi_is_one_that_the_methods_themselves_name() {
        let mut source = String::new();
        let mut folders = vec![std::path::PathBuf::from("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|own| own == "rs") && !path.ends_with("html/references.rs") {
                    source.push_str(&std::fs::read_to_string(path).unwrap());
                }
            }
        }
        for reference in ALL {
            assert!(reference.doi.is_empty() || source.contains(reference.doi), "{}", reference.text);
        }
        assert_eq!(ALL.iter().filter(|own| own.doi.is_empty()).count(), WITHOUT);
    }
}
