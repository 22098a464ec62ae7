//! What French-speaking customers write, and what they are answered.

use super::{DateStyle, Language, Topic};

pub(super) static FRENCH: Language = Language {
    locale: "fr-FR",
    zone: "Europe/Paris",
    offset: 1,
    share: 12,
    date: DateStyle::Slashed,
    money: ("", " €"),
    cents: Some(","),
    hello: &["Bonjour,", "Bonjour à toute l'équipe,", "Madame, Monsieur,"],
    bye: &["Cordialement,", "Merci d'avance,", "Bien à vous,"],
    dear: &["Bonjour %n,", "Bonjour %N,"],
    regards: &["Bien cordialement,\n%a, Fjordrad", "Belle journée,\n%a", "Bonne route et à bientôt,\n%a"],
    context: &[
        "Cela a commencé le %d, et je n'ai rien changé depuis.",
        "J'ai déjà redémarré le téléphone et le vélo, sans résultat.",
        "Je m'en sers tous les jours pour aller travailler.",
        "Vous pouvez m'appeler après %h si c'est plus simple.",
        "Il s'agit d'un %p, numéro de série %s, version %v.",
    ],
    update: &[
        "petit point d'étape : l'atelier étudie votre dossier et devrait me répondre d'ici le %f.",
        "merci de votre patience. Vos informations sont chez l'équipe technique, vous n'avez rien à faire pour le moment.",
        "nous avons reproduit le problème ici sur un %p en %v, la recherche sera donc plus courte.",
    ],
    waiting: &[
        "la pièce est en rupture et devrait arriver vers le %f. Je vous écris dès qu'elle part.",
        "nous attendons la réponse du transporteur, en général sous deux jours ouvrés.",
    ],
    nudge: &[
        "Avez-vous des nouvelles ?",
        "Je me permets de relancer, je n'ai rien reçu depuis le %d.",
        "J'ai besoin du vélo pour le %f. Pouvez-vous me donner un délai ?",
        "J'ai remarqué autre chose : cela n'arrive que le matin, vers %h.",
    ],
    thanks: &[
        "C'est réglé, merci beaucoup !",
        "Parfait, tout fonctionne de nouveau. Merci %a.",
        "Bien reçu, vous pouvez fermer le dossier.",
    ],
    still: &[
        "Je me suis réjoui trop vite : cela a recommencé ce matin à %h.",
        "Malheureusement le problème est revenu.",
    ],
    topics: [
        Topic {
            subjects: &[
                "Impossible de me connecter à l'application",
                "Compte bloqué",
                "Le lien de réinitialisation a expiré",
            ],
            openings: &[
                "depuis hier soir l'application refuse mon mot de passe, qui est pourtant le bon.",
                "j'ai changé de téléphone et la connexion demande un code envoyé à l'ancien.",
            ],
            details: &["J'ai demandé trois liens, chacun affiche %e."],
            asks: &["avec quelle adresse vous connectez-vous, et voyez-vous un code du type E-123 sous le message ?"],
            answers: &["C'est l'adresse de ce message, et il est écrit %e."],
            fixes: &[
                "j'ai débloqué votre compte et envoyé un nouveau lien, valable 24 heures. Seul le dernier lien demandé fonctionne.",
                "le second facteur est désactivé. Connectez-vous avec votre mot de passe et réglez-le de nouveau dans Compte, Sécurité.",
            ],
        },
        Topic {
            subjects: &[
                "Erreur sur la facture %i",
                "Numéro de TVA absent de la facture %i",
                "Montant trop élevé sur la facture %i",
            ],
            openings: &[
                "la facture %i de la commande %o compte %t de plus que la confirmation.",
                "notre comptabilité refuse la facture %i, car notre numéro de TVA n'y figure pas.",
            ],
            details: &["Merci de nous envoyer une facture corrigée avant le %f."],
            asks: &["pouvez-vous m'envoyer le numéro de TVA et la raison sociale exacte ?"],
            answers: &["La raison sociale est dans ma signature, le numéro sur la confirmation de %o."],
            fixes: &[
                "vous avez raison, l'antivol n'aurait pas dû y être. La facture %i est annulée et remplacée, et %t vous sont remboursés.",
                "la facture %i a été refaite avec votre numéro de TVA, elle se trouve dans votre compte.",
            ],
        },
        Topic {
            subjects: &[
                "Où est ma commande %o ?",
                "Colis %r bloqué depuis plusieurs jours",
                "Retard de livraison de %o",
            ],
            openings: &[
                "ma commande %o devait arriver le %d et je n'ai toujours rien.",
                "le suivi de %r n'a pas bougé depuis le %d.",
            ],
            details: &["J'avais pris un jour de congé pour la recevoir."],
            asks: &["une livraison le %f entre 9 h et 13 h vous conviendrait-elle ?"],
            answers: &["Oui, c'est parfait. Que le livreur m'appelle avant, s'il vous plaît."],
            fixes: &[
                "le carton était resté au dépôt sur la mauvaise palette. Il est parti ce matin sous le numéro %r et arrive le %f, livraison offerte.",
            ],
        },
        Topic {
            subjects: &["Vélo affiché hors ligne", "Le hub a perdu %q vélos", "Plus de position depuis le %d"],
            openings: &[
                "mon %p est hors ligne dans l'application depuis le %d alors qu'il est allumé à côté de moi.",
                "le hub de notre dépôt a perdu %q vélos d'un coup à %h.",
            ],
            details: &["Le voyant du traceur clignote deux fois en rouge."],
            asks: &[
                "pouvez-vous maintenir le bouton douze secondes, attendre une minute et me dire la couleur du voyant ?",
            ],
            answers: &["Il est orange maintenant, mais toujours hors ligne. Numéro de série %s."],
            fixes: &[
                "la carte SIM du traceur avait été suspendue par erreur. Elle est réactivée et je vois le vélo en ligne depuis %h.",
                "le hub était resté sur l'ancien profil réseau. Le nouveau est installé et tous les vélos sont revenus en dix minutes.",
            ],
        },
        Topic {
            subjects: &[
                "Écran noir après la mise à jour %v",
                "Plus d'assistance depuis %v",
                "Mise à jour bloquée à 60 %%",
            ],
            openings: &[
                "hier soir la mise à jour %v s'est arrêtée à 60 %% et l'écran reste noir.",
                "depuis le passage de %w à %v, le moteur n'assiste plus et l'écran affiche %e.",
            ],
            details: &["La batterie était à 80 %% et le téléphone juste à côté."],
            asks: &["branchez le chargeur et maintenez plus et moins quinze secondes : une petite clé apparaît-elle ?"],
            answers: &["Oui, la clé apparaît, puis %e. Le numéro de série est %s."],
            fixes: &[
                "c'est le mode de secours. J'ai libéré un paquet de réparation pour %s : application, Service, Réparer le micrologiciel, et dix minutes de patience.",
            ],
        },
        Topic {
            subjects: &["Remboursement de %o", "Annuler la commande %o", "Retour reçu, pas d'argent"],
            openings: &[
                "j'ai renvoyé les sacoches de %o le %d et les %t ne sont pas arrivés.",
                "merci d'annuler %o, le cadre est trop grand pour moi.",
            ],
            details: &["D'après le suivi, votre entrepôt a signé le retour."],
            asks: &["pouvez-vous m'envoyer le numéro du colis de retour ?"],
            answers: &["C'est %r, déposé le %d."],
            fixes: &[
                "le retour était enregistré sur une autre commande. C'est corrigé, %t seront sur votre carte sous cinq jours ouvrés.",
                "la commande %o est annulée et %t vous sont remboursés.",
            ],
        },
        Topic {
            subjects: &["Demande d'accès RGPD", "Suppression de mon compte", "Quelles données conservez-vous ?"],
            openings: &[
                "au titre de l'article 15 du RGPD, je demande une copie de toutes mes données, trajets compris.",
                "j'ai vendu mon %p et je souhaite la suppression de mon compte.",
            ],
            details: &["Merci de confirmer la réception et le délai."],
            asks: &[
                "pour être certain que c'est bien vous, pouvez-vous confirmer la demande dans l'application, rubrique Confidentialité ?",
            ],
            answers: &["C'est confirmé dans l'application."],
            fixes: &[
                "votre export est prêt dans l'application, rubrique Confidentialité, et y reste 14 jours.",
                "votre compte et vos trajets ont été supprimés aujourd'hui. Seules les factures sont gardées le temps prévu par la loi.",
            ],
        },
        Topic {
            subjects: &["L'API répond 429 toute la nuit", "Limite trop basse sur /v2/positions"],
            openings: &[
                "la synchronisation de nos %q vélos reçoit des HTTP 429 de /v2/positions depuis le %d.",
                "chez %g, nous atteignons la limite chaque jour vers %h.",
            ],
            details: &["Nous faisons environ quatre appels par seconde avec une seule clé."],
            asks: &["plusieurs services utilisent-ils la même clé ? La limite compte par clé."],
            answers: &["Oui, la synchronisation et le tableau de bord. Nous n'y avions pas pensé."],
            fixes: &[
                "une seconde clé vous attend dans la Fleet Console. Avec l'appel groupé, une requête suffit pour 100 vélos.",
            ],
        },
        Topic {
            subjects: &["Mise en place du SSO pour %g", "La connexion SAML tourne en boucle"],
            openings: &[
                "nous aimerions que nos équipes de %g se connectent à la Fleet Console avec notre fournisseur d'identité.",
                "depuis l'activation du SSO, la connexion revient au début sans message.",
            ],
            details: &["Cela concerne %q personnes qui ne peuvent plus travailler."],
            asks: &["quel attribut contient l'adresse mail, et quelle est l'adresse de vos métadonnées ?"],
            answers: &["L'attribut s'appelle mail, les métadonnées sont dans la console."],
            fixes: &[
                "le SSO est actif pour %g. Les nouvelles personnes reçoivent le rôle Régulateur.",
                "votre fournisseur signait la réponse mais pas l'assertion. C'est réglé pour %g, un essai à %h a réussi.",
            ],
        },
        Topic {
            subjects: &["Suggestion : exporter les trajets en GPX", "Idée : un mode sombre"],
            openings: &[
                "j'aimerais exporter tous mes trajets en GPX d'un seul coup.",
                "la nuit, l'écran est trop lumineux. Un mode sombre serait bienvenu.",
            ],
            details: &["À part cela, je suis ravi de mon %p."],
            asks: &["merci pour l'idée ! Serait-ce plutôt sur le téléphone ou sur l'ordinateur ?"],
            answers: &["Sur l'ordinateur, une fois par mois environ."],
            fixes: &[
                "votre suggestion est sur la liste que l'équipe produit relit chaque mois. Je ne peux pas promettre de date.",
            ],
        },
        Topic {
            subjects: &[
                "Rappel de batterie : %s concerné ?",
                "La batterie chauffe beaucoup",
                "Courrier de rappel reçu",
            ],
            openings: &[
                "j'ai reçu votre courrier de rappel : le vélo %s est-il concerné ?",
                "la batterie devient brûlante en charge et cela m'inquiète.",
            ],
            details: &["En attendant, elle est dehors sur le balcon."],
            asks: &["ne la rechargez plus, s'il vous plaît. Quel est le lot sur l'étiquette, et est-elle gonflée ?"],
            answers: &["Lot B240611, légèrement gonflée d'un côté."],
            fixes: &[
                "votre batterie est concernée. Un coursier apporte la nouvelle le %f et reprend l'ancienne dans une caisse sûre.",
            ],
        },
        Topic {
            subjects: &["L'application est passée en norvégien", "Distances en miles"],
            openings: &[
                "depuis la dernière mise à jour, l'application me parle norvégien alors que mon téléphone est en français.",
                "l'écran affiche des miles depuis %v.",
            ],
            details: &["Le réglage revient en arrière à chaque fois."],
            asks: &["quelle langue et quelle région sont réglées sur le téléphone ?"],
            answers: &["Français, région Norvège, car j'y travaille."],
            fixes: &[
                "l'application confondait région et langue. Votre compte est maintenant fixé en français, mails compris.",
            ],
        },
        Topic {
            subjects: &["Vélo volé, merci d'activer le suivi", "Mon %p a été volé cette nuit"],
            openings: &[
                "mon %p (%s) a été volé cette nuit dans la cour. Activez le mode vol tout de suite, s'il vous plaît.",
                "le vélo a disparu, l'application donne une position de %h et la police demande un écrit.",
            ],
            details: &["La plainte est déposée, numéro 8841/%q."],
            asks: &["le mode vol est actif. Pouvez-vous m'envoyer le numéro de la plainte ?"],
            answers: &["Il est dans mon premier message, la police veut les dernières 24 heures."],
            fixes: &[
                "les positions ont été transmises au commissariat et le moteur est bloqué. J'espère que vous le retrouverez vite.",
            ],
        },
        Topic {
            subjects: &["Les freins crissent après 300 km", "Garantie : le frein arrière perd de la pression"],
            openings: &[
                "après 300 km à peine, le frein avant de mon %p crisse très fort.",
                "le frein arrière perd de la pression, le levier touche la poignée le matin.",
            ],
            details: &["Le magasin parle d'usure, je ne suis pas d'accord."],
            asks: &["pouvez-vous m'envoyer une photo des plaquettes et le numéro de commande ?"],
            answers: &["Les photos arrivent, la commande est %o."],
            fixes: &[
                "c'est bien sous garantie. Les pièces partent chez votre revendeur (%r) et la main-d'œuvre est pour nous.",
            ],
        },
    ],
};
