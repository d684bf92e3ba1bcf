# The reference job in R, on matrices and without packages: three arms of 134, four visits, dropout; per replicate three visits
# with two contrasts each, by four methods. Prints processor seconds per replicate and the shares of p < 0.05 as JSON.
#
#   OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 Rscript reference_job.R [replicates] [seed] [processes]
#
# The number of BLAS threads must be set before R starts; with two the small products here take several times as long.

arguments <- commandArgs(TRUE)
argument <- function(position, default) if (length(arguments) >= position) as.integer(arguments[position]) else default
N_REPLICATES <- argument(1L, 200L)
SEED <- argument(2L, 1L)
N_PROCESSES <- argument(3L, 1L)
BLOCK <- 100L # replicates that are worked on together where a method can

# --- the job -------------------------------------------------------------------------------------------------------------
PER_ARM <- 134L
N_ARMS <- 3L
N <- PER_ARM * N_ARMS
CHANGE <- rbind(
  usual_care = c(0, -2.0, -3.0, -3.5),
  relaxation = c(0, -4.5, -4.3, -4.0),
  structural = c(0, -4.2, -4.2, -3.9)
)
LOST <- c(0.05, 0.07, 0.10) # cumulative shares lost by the visits after baseline
FACTOR <- chol(25 * (0.6 + 0.4 * diag(4))) # standard deviation 5, correlation 0.6
ARM <- rep(0:2, each = PER_ARM)
MEAN <- 10.5 + CHANGE[ARM + 1L, ]
RELAXATION <- as.numeric(ARM == 1)
STRUCTURAL <- as.numeric(ARM == 2)
Z <- qnorm(0.975)

# One matrix per visit, a row per participant and a column per replicate.
generate <- function(n_replicates) {
  latent <- matrix(rnorm(N * n_replicates * 4L), ncol = 4L) %*% FACTOR
  y <- round(latent + MEAN[rep(seq_len(N), n_replicates), ])
  y[y < 0] <- 0
  y[y > 23] <- 23
  u <- runif(N * n_replicates)
  for (k in 1:3) y[u < LOST[k], k + 1L] <- NA_real_
  lapply(1:4, function(visit) matrix(y[, visit], N))
}

# --- analysis of covariance ----------------------------------------------------------------------------------------------
# In closed form for a whole block of replicates: per visit estimates, standard errors, intervals, p-values.
ancova_block <- function(visits, n_replicates) {
  x <- visits[[1]]
  by_arm <- function(m) matrix(colSums(matrix(m, PER_ARM)), N_ARMS)
  lapply(2:4, function(visit) {
    y <- visits[[visit]]
    seen <- !is.na(y)
    y[!seen] <- 0
    x_seen <- x * seen
    n <- by_arm(seen)
    sx <- by_arm(x_seen)
    sy <- by_arm(y)
    x_mean <- sx / n
    y_mean <- sy / n
    xx <- colSums(by_arm(x_seen * x) - sx * x_mean)
    xy <- colSums(by_arm(y * x) - sx * y_mean)
    yy <- colSums(by_arm(y * y) - sy * y_mean)
    slope <- xy / xx
    df <- colSums(n) - 4
    variance <- (yy - slope * xy) / df
    both <- function(m) m[2:3, , drop = FALSE] - rep(m[1, ], each = 2)
    dx <- both(x_mean)
    estimate <- both(y_mean) - dx * rep(slope, each = 2)
    of_means <- 1 / n[2:3, , drop = FALSE] + rep(1 / n[1, ], each = 2)
    std_error <- sqrt(rep(variance, each = 2) * (of_means + dx^2 / rep(xx, each = 2)))
    critical <- rep(qt(0.975, df), each = 2)
    list(
      estimate = estimate, std_error = std_error,
      lower = estimate - critical * std_error, upper = estimate + critical * std_error,
      p = 2 * pt(-abs(estimate / std_error), rep(df, each = 2))
    )
  })
}

# One replicate after the other with R's own least squares.
ancova_lm_fit <- function(y) {
  vapply(2:4, function(visit) {
    seen <- !is.na(y[, visit])
    x <- cbind(1, y[seen, 1], RELAXATION[seen], STRUCTURAL[seen])
    fit <- .lm.fit(x, y[seen, visit])
    df <- nrow(x) - 4L
    std_error <- sqrt(sum(fit$residuals^2) / df * diag(chol2inv(fit$qr[1:4, ])))[3:4]
    estimate <- fit$coefficients[3:4]
    critical <- qt(0.975, df)
    interval <- c(estimate - critical * std_error, estimate + critical * std_error)
    2 * pt(-abs(estimate / std_error), df)
  }, c(0, 0))
}

# --- responders: modified Poisson regression with HC0 --------------------------------------------------------------------
modified_poisson <- function(y) {
  vapply(2:4, function(visit) {
    seen <- !is.na(y[, visit])
    x <- cbind(1, y[seen, 1] - 10, RELAXATION[seen], STRUCTURAL[seen])
    responded <- as.numeric(y[seen, 1] - y[seen, visit] >= 3)
    beta <- c(log(mean(responded)), 0, 0, 0)
    for (iteration in 1:25) {
      mu <- exp(drop(x %*% beta))
      step <- solve(crossprod(x, x * mu), crossprod(x, responded - mu))
      beta <- beta + drop(step)
      if (max(abs(step)) < 1e-9) break
    }
    mu <- exp(drop(x %*% beta))
    bread <- chol2inv(chol(crossprod(x, x * mu)))
    score <- x * (responded - mu)
    std_error <- sqrt(diag(bread %*% crossprod(score) %*% bread))[3:4]
    estimate <- beta[3:4]
    interval <- exp(c(estimate - Z * std_error, estimate + Z * std_error))
    2 * pnorm(-abs(estimate / std_error))
  }, c(0, 0))
}

# --- models of all visits: baseline, arms and an intercept at each visit, 12 coefficients ---------------------------------
CONTRASTS <- c(3, 4, 7, 8, 11, 12)

# Cross-products once for everybody with the same visits seen.
patterns <- function(y) {
  seen <- !is.na(y[, 2:4])
  code <- drop(seen %*% c(1, 2, 4))
  x <- cbind(1, y[, 1], RELAXATION, STRUCTURAL)
  values <- y[, 2:4]
  values[!seen] <- 0
  of_pattern <- function(pattern) {
    own <- code == pattern
    xi <- x[own, , drop = FALSE]
    yi <- values[own, , drop = FALSE]
    visits <- which(bitwAnd(pattern, c(1L, 2L, 4L)) > 0)
    list(visits = visits, n = sum(own), xx = crossprod(xi), xy = crossprod(xi, yi), yy = crossprod(yi))
  }
  list(seen = seen, x = x, y = values, all = lapply(sort(unique(code[code > 0])), of_pattern))
}

# Cross-products of the residuals of a pattern, and of the columns with them.
residuals_of <- function(pattern, beta) {
  beta[, -pattern$visits] <- 0
  fitted <- crossprod(beta, pattern$xy)
  list(
    rr = pattern$yy - fitted - t(fitted) + crossprod(beta, pattern$xx %*% beta),
    xr = pattern$xy - pattern$xx %*% beta
  )
}

# Generalised estimating equations, exchangeable, with the sandwich.
gee <- function(y) {
  data <- patterns(y)
  correlation <- 0
  beta <- numeric(12)
  weights <- function(pattern) {
    m <- length(pattern$visits)
    w <- matrix(0, 3, 3)
    w[pattern$visits, pattern$visits] <- diag(m) - correlation / (1 + (m - 1) * correlation)
    w
  }
  n_seen <- sum(vapply(data$all, function(p) p$n * length(p$visits), 0))
  n_pairs <- sum(vapply(data$all, function(p) p$n * choose(length(p$visits), 2), 0))
  for (iteration in 1:50) {
    left <- 0
    right <- 0
    for (p in data$all) {
      w <- weights(p)
      left <- left + w %x% p$xx
      right <- right + as.vector(p$xy %*% w)
    }
    new <- solve(left, right)
    change <- max(abs(new - beta))
    beta <- new
    by_visit <- matrix(beta, 4)
    rr <- 0
    for (p in data$all) rr <- rr + residuals_of(p, by_visit)$rr
    trace <- sum(diag(rr))
    correlation <- (sum(rr) - trace) / 2 / n_pairs / (trace / n_seen)
    if (change < 1e-9) break
  }
  bread <- chol2inv(chol(left))
  residual <- (data$y - data$x %*% by_visit) * data$seen
  m <- rowSums(data$seen)
  weighted <- (residual - correlation / (1 + (m - 1) * correlation) * rowSums(residual)) * data$seen
  score <- cbind(data$x * weighted[, 1], data$x * weighted[, 2], data$x * weighted[, 3])
  std_error <- sqrt(diag(bread %*% crossprod(score) %*% bread))[CONTRASTS]
  estimate <- beta[CONTRASTS]
  interval <- c(estimate - Z * std_error, estimate + Z * std_error)
  matrix(2 * pnorm(-abs(estimate / std_error)), 2)
}

# Mixed model for repeated measures, unstructured covariance, REML by Newton's method on its six elements, Satterthwaite's degrees
# of freedom. All traces are products of small matrices over the patterns.
ELEMENTS <- NULL
for (j in 1:3) {
  for (k in j:3) {
    element <- matrix(0, 3, 3)
    element[j, k] <- element[k, j] <- 1
    ELEMENTS <- cbind(ELEMENTS, as.vector(element))
  }
}
IDENTITY <- diag(3)
TRANSPOSED <- as.vector(t(matrix(1:9, 3)))

# Estimates, gradient and information at a covariance.
derivatives <- function(data, products, sigma) {
  left <- 0
  right <- 0
  weights <- lapply(data, function(p) {
    w <- matrix(0, 3, 3)
    w[p$visits, p$visits] <- chol2inv(chol(sigma[p$visits, p$visits, drop = FALSE]))
    w
  })
  for (q in seq_along(data)) {
    left <- left + weights[[q]] %x% data[[q]]$xx
    right <- right + as.vector(data[[q]]$xy %*% weights[[q]])
  }
  phi <- chol2inv(chol(left))
  beta <- drop(phi %*% right)
  by_visit <- matrix(beta, 4)
  blocks <- matrix(aperm(array(phi, c(4, 3, 4, 3)), c(2, 4, 1, 3)), 9)
  gradient <- 0
  fisher <- 0
  observed <- 0
  through_beta <- 0
  turned <- matrix(0, 54, length(data))
  for (q in seq_along(data)) {
    p <- data[[q]]
    w <- weights[[q]]
    r <- residuals_of(p, by_visit)
    leverage <- matrix(blocks %*% products[, q], 3)
    wd <- (IDENTITY %x% w) %*% ELEMENTS
    wdw <- (w %x% IDENTITY) %*% wd
    dw <- wd[TRANSPOSED, ]
    own <- -p$n * crossprod(wd, as.vector(IDENTITY)) + crossprod(wdw, as.vector(leverage) + as.vector(r$rr))
    gradient <- gradient + drop(own) / 2
    fisher <- fisher + p$n * crossprod(wd, dw) - 2 * crossprod(dw, (leverage %x% IDENTITY) %*% wdw)
    observed <- observed + crossprod(dw, (r$rr %x% IDENTITY) %*% wdw)
    through_beta <- through_beta + matrix(r$xr %*% matrix(wdw, 3), 12)
    turned[, q] <- wdw
  }
  spread <- matrix(aperm(array(tcrossprod(products, turned), c(4, 4, 3, 3, 6)), c(1, 3, 2, 4, 5)), 12)
  of_phi <- array(phi %*% spread, c(12, 12, 6))
  fisher <- (fisher + crossprod(matrix(of_phi, 144), matrix(aperm(of_phi, c(2, 1, 3)), 144))) / 2
  information <- (observed + t(observed)) / 2 - crossprod(through_beta, phi %*% through_beta) - fisher
  list(phi = phi, beta = beta, gradient = gradient, fisher = fisher, information = information, of_phi = of_phi)
}

mmrm <- function(y) {
  data <- patterns(y)$all
  complete <- data[[which.max(vapply(data, function(p) length(p$visits), 0L))]]
  start <- solve(complete$xx, complete$xy)
  sigma <- (complete$yy - crossprod(start, complete$xy)) / (complete$n - 4)
  products <- matrix(vapply(data, function(p) as.vector(p$xx), numeric(16)), 16)
  for (iteration in 1:40) {
    d <- derivatives(data, products, sigma)
    by_fisher <- function(...) solve(d$fisher, d$gradient)
    step <- if (iteration < 3) by_fisher() else tryCatch(solve(d$information, d$gradient), error = by_fisher)
    part <- 1
    repeat {
      new <- sigma + part * matrix(ELEMENTS %*% step, 3)
      if (!inherits(try(chol(new), TRUE), "try-error") || part < 1e-4) break
      part <- part / 2
    }
    sigma <- new
    if (max(abs(step)) < 1e-6 * max(sigma)) break
  }
  d <- derivatives(data, products, sigma)
  variance <- diag(d$phi)[CONTRASTS]
  estimate <- d$beta[CONTRASTS]
  slopes <- apply(d$of_phi, 3, function(own) rowSums(own[CONTRASTS, ] * d$phi[CONTRASTS, ]))
  df <- 2 * variance^2 / rowSums((slopes %*% solve(d$information)) * slopes)
  std_error <- sqrt(variance)
  critical <- qt(0.975, df)
  interval <- c(estimate - critical * std_error, estimate + critical * std_error)
  matrix(2 * pt(-abs(estimate / std_error), df), 2)
}

# --- the run -------------------------------------------------------------------------------------------------------------
METHODS <- list(ancova_lm_fit = ancova_lm_fit, modified_poisson = modified_poisson, gee = gee, mmrm = mmrm)
STAGES <- c("generate", "ancova_block", names(METHODS))
processor <- function() sum(proc.time()[1:2])

run <- function(job) {
  set.seed(job$seed)
  seconds <- setNames(numeric(length(STAGES)), STAGES)
  rejected <- lapply(setNames(STAGES[-1], STAGES[-1]), function(stage) matrix(0, 3, 2))
  done <- 0L
  while (done < job$n) {
    n <- min(BLOCK, job$n - done)
    at <- processor()
    visits <- generate(n)
    seconds["generate"] <- seconds["generate"] + processor() - at
    at <- processor()
    block <- ancova_block(visits, n)
    seconds["ancova_block"] <- seconds["ancova_block"] + processor() - at
    found <- t(vapply(block, function(visit) rowSums(visit$p < 0.05), c(0, 0)))
    rejected$ancova_block <- rejected$ancova_block + found
    trials <- lapply(seq_len(n), function(replicate) sapply(visits, function(visit) visit[, replicate]))
    for (method in names(METHODS)) {
      at <- processor()
      for (trial in trials) rejected[[method]] <- rejected[[method]] + t(METHODS[[method]](trial) < 0.05)
      seconds[method] <- seconds[method] + processor() - at
    }
    done <- done + n
  }
  list(seconds = seconds, rejected = rejected)
}

shares <- rep(N_REPLICATES %/% N_PROCESSES, N_PROCESSES) + (seq_len(N_PROCESSES) <= N_REPLICATES %% N_PROCESSES)
jobs <- lapply(seq_len(N_PROCESSES), function(i) list(n = shares[i], seed = SEED * 1000L + i))
results <- if (N_PROCESSES > 1) parallel::mclapply(jobs, run, mc.cores = N_PROCESSES) else lapply(jobs, run)
seconds <- Reduce(`+`, lapply(results, `[[`, "seconds")) / N_REPLICATES
number <- function(x) paste(sprintf("%.6g", x), collapse = ", ")
cat(sprintf('{"replicates": %d, "seconds_per_replicate": {%s},\n "rejected": {%s}}\n', N_REPLICATES,
  paste0('"', names(seconds), '": ', sprintf("%.4g", seconds), collapse = ", "),
  paste(vapply(STAGES[-1], function(stage) {
    total <- Reduce(`+`, lapply(results, function(result) result$rejected[[stage]])) / N_REPLICATES
    sprintf('"%s": [%s]', stage, paste(apply(total, 1, function(row) sprintf("[%s]", number(row))), collapse = ", "))
  }, ""), collapse = ",\n  ")))
